// The history of a flow: who published what and why, the difference between any two states, and back to
// an earlier one.
import { Badge, Button, Card, Drawer, Group, Select, Stack, Text, TextInput } from "@mantine/core";
import { IconHistory } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Empty, Failure, Rows } from "@/components/feedback";
import { listVersions, readVersion, rollBack, type VersionRead } from "@/wire/flows";
import { DiffView } from "./diff_view";
import { difference } from "./model/difference";
import { flowNow } from "./model/editor";
import { type Flow, readFlow } from "./model/flow";
import { useMoment } from "./moment";

const DRAFT = "draft";

async function stateOf(name: string, which: string): Promise<Flow> {
  return which === DRAFT ? flowNow() : readFlow(await readVersion(name, Number(which)));
}

export function Versions({ name, onClose }: { name: string; onClose(): void }) {
  const { t } = useTranslation();
  const versions = useQuery({
    queryKey: ["flows", "versions", name],
    queryFn: () => listVersions(name),
    staleTime: 0,
  });
  const [from, setFrom] = useState<string | null>(null);
  const [to, setTo] = useState<string>(DRAFT);
  const listed = [...(versions.data ?? [])].sort((a, b) => b.version - a.version);
  const first = from ?? String(listed.find(({ published }) => published)?.version ?? "");
  const data = [
    { value: DRAFT, label: t("flow.draft") },
    ...listed.map(({ version }) => ({
      value: String(version),
      label: t("flow.version", { version }),
    })),
  ];
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size="xl"
      title={<Text fw={650}>{t("flow.versions")}</Text>}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      {versions.isError && <Failure error={versions.error} />}
      {versions.isPending && <Rows count={4} />}
      {versions.data?.length === 0 && (
        <Empty icon={IconHistory} title={t("flow.noVersions")} hint={t("flow.noVersionsHint")} />
      )}
      {listed.length > 0 && (
        <Stack>
          {listed.map((one) => (
            <VersionCard key={one.version} name={name} one={one} />
          ))}
          <Group grow>
            <Select
              label={t("flow.diffFrom")}
              data={data}
              value={first || null}
              allowDeselect={false}
              onChange={setFrom}
            />
            <Select
              label={t("flow.diffTo")}
              data={data}
              value={to}
              allowDeselect={false}
              onChange={(value) => value && setTo(value)}
            />
          </Group>
          {first !== "" && <Difference name={name} from={first} to={to} />}
        </Stack>
      )}
    </Drawer>
  );
}

function Difference({ name, from, to }: { name: string; from: string; to: string }) {
  const { data, error } = useQuery({
    queryKey: ["flows", "difference", name, from, to],
    queryFn: async () => difference(await stateOf(name, from), await stateOf(name, to)),
    staleTime: 0,
  });
  if (error) return <Failure error={error} />;
  return data ? <DiffView changes={data} /> : <Rows count={2} />;
}

function VersionCard({ name, one }: { name: string; one: VersionRead }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const moment = useMoment();
  const [asking, setAsking] = useState(false);
  const [note, setNote] = useState("");
  const [error, setError] = useState<unknown>(null);
  const back = async () => {
    setError(null);
    try {
      await rollBack(name, one.version, note);
      setAsking(false);
      await client.invalidateQueries({ queryKey: ["flows"] });
    } catch (problem) {
      setError(problem);
    }
  };
  return (
    <Card withBorder padding="sm" data-testid={`version-${one.version}`}>
      <Group justify="space-between" wrap="nowrap">
        <div>
          <Group gap="xs">
            <Text fw={600}>{t("flow.version", { version: one.version })}</Text>
            {one.published && (
              <Badge color="green" variant="light" className="cc-badge">
                {t("flow.inUse")}
              </Badge>
            )}
          </Group>
          <Text size="xs" c="dimmed">
            {moment(one.created)} · {one.by}
          </Text>
          <Text size="sm">{one.note}</Text>
          {one.kind === "rollback" && (
            <Text size="sm" c="dimmed" data-testid="rolled-back">
              {t("flow.rolledBack", { when: moment(one.since), by: one.used_by })}
              {one.used_note && ` · ${one.used_note}`}
            </Text>
          )}
        </div>
        {!one.published && !asking && (
          <Button size="xs" variant="default" onClick={() => setAsking(true)}>
            {t("flow.rollBack")}
          </Button>
        )}
      </Group>
      {asking && (
        <Stack gap="xs" mt="xs">
          <Text size="sm">{t("flow.rollBackHint")}</Text>
          <TextInput
            label={t("flow.publishNote")}
            maxLength={300}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
          />
          {error !== null && <Failure error={error} />}
          <Group gap="xs">
            <Button size="xs" onClick={() => void back()}>
              {t("flow.rollBackTo", { version: one.version })}
            </Button>
            <Button size="xs" variant="default" onClick={() => setAsking(false)}>
              {t("action.cancel")}
            </Button>
          </Group>
        </Stack>
      )}
    </Card>
  );
}
