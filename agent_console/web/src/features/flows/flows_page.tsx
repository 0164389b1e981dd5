// All flows: what callers hear now, what is being drawn, new ones from a template, a copy or a file.
import {
  Alert,
  Anchor,
  Badge,
  Button,
  Card,
  FileButton,
  Group,
  Modal,
  ScrollArea,
  Select,
  Stack,
  Table,
  Text,
  TextInput,
  Title,
} from "@mantine/core";
import { IconMessage, IconPlus, IconSitemap, IconUpload } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Empty, Failure, Rows } from "@/components/feedback";
import { useLanguage } from "@/state/choices";
import {
  createFlow,
  importFlow,
  listFlows,
  type MistakeRead,
  PublishRefused,
  readCatalogue,
} from "@/wire/flows";
import { sentence } from "./model/sentence";
import { useMoment } from "./moment";
import { TextsDialog } from "./texts_dialog";

const FILE_BYTES_MAX = 800_000;
const MISTAKES_SHOWN = 10;
const idFrom = (title: string) =>
  title
    .toLowerCase()
    .normalize("NFKD")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 32);

export function FlowsPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const client = useQueryClient();
  const moment = useMoment();
  const flows = useQuery({ queryKey: ["flows", "list"], queryFn: listFlows, staleTime: 0 });
  const [creating, setCreating] = useState(false);
  const [texts, setTexts] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const open = (flow: string) => void navigate({ to: "/flows/$flow", params: { flow } });
  const bring = async (file: File | null) => {
    if (file === null) return;
    setError(null);
    try {
      const made = await importFlow((await file.text()).slice(0, FILE_BYTES_MAX));
      await client.invalidateQueries({ queryKey: ["flows"] });
      open(made.name);
    } catch (problem) {
      setError(problem);
    }
  };
  return (
    <Stack>
      <Group justify="space-between">
        <Title order={2} size="h4">
          {t("page.flows")}
        </Title>
        <Group gap="xs">
          <Button
            variant="default"
            leftSection={<IconMessage size={16} />}
            data-testid="texts"
            onClick={() => setTexts(true)}
          >
            {t("texts.title")}
          </Button>
          <FileButton onChange={(file) => void bring(file)} accept=".json,.yaml,.yml">
            {(props) => (
              <Button {...props} variant="default" leftSection={<IconUpload size={16} />}>
                {t("flow.import")}
              </Button>
            )}
          </FileButton>
          <Button leftSection={<IconPlus size={16} />} onClick={() => setCreating(true)}>
            {t("flow.new")}
          </Button>
        </Group>
      </Group>
      {error instanceof PublishRefused ? (
        <Unreadable mistakes={error.mistakes} />
      ) : (
        error !== null && <Failure error={error} />
      )}
      {flows.isError && <Failure error={flows.error} retry={() => void flows.refetch()} />}
      {flows.isPending && <Rows count={4} />}
      {flows.data?.length === 0 && (
        <Card withBorder>
          <Empty icon={IconSitemap} title={t("flow.none")} hint={t("flow.noneHint")} />
        </Card>
      )}
      {flows.data && flows.data.length > 0 && (
        <Card withBorder>
          <ScrollArea>
            <Table highlightOnHover verticalSpacing="sm" miw={640}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t("flow.name")}</Table.Th>
                  <Table.Th>{t("flow.heard")}</Table.Th>
                  <Table.Th>{t("flow.draft")}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {flows.data.map((flow) => (
                  <Table.Tr key={flow.name}>
                    <Table.Td>
                      <Anchor
                        component={Link}
                        to="/flows/$flow"
                        params={{ flow: flow.name } as never}
                        fw={600}
                      >
                        {flow.title || flow.name}
                      </Anchor>
                      <Text size="xs" c="dimmed">
                        {flow.name}
                      </Text>
                    </Table.Td>
                    <Table.Td>
                      {flow.published_version === null ? (
                        <Badge color="gray" variant="light" className="cc-badge">
                          {t("flow.notPublished")}
                        </Badge>
                      ) : (
                        <>
                          <Text size="sm">
                            {t("flow.version", { version: flow.published_version })}
                          </Text>
                          <Text size="xs" c="dimmed">
                            {moment(flow.published_at)} · {flow.published_by}
                          </Text>
                        </>
                      )}
                    </Table.Td>
                    <Table.Td>
                      <Group gap={6}>
                        {flow.changed && (
                          <Badge color="blue" variant="light" className="cc-badge">
                            {t("flow.changed")}
                          </Badge>
                        )}
                        {flow.mistakes > 0 && (
                          <Badge color="red" variant="light" className="cc-badge">
                            {t("flow.mistakes", { count: flow.mistakes })}
                          </Badge>
                        )}
                      </Group>
                      <Text size="xs" c="dimmed">
                        {moment(flow.draft_at)} · {flow.draft_by}
                      </Text>
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </ScrollArea>
        </Card>
      )}
      {texts && <TextsDialog onClose={() => setTexts(false)} />}
      {creating && <NewFlow onClose={() => setCreating(false)} onMade={open} />}
    </Stack>
  );
}

function NewFlow({ onClose, onMade }: { onClose(): void; onMade(name: string): void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { data: flows } = useQuery({ queryKey: ["flows", "list"], queryFn: listFlows });
  const { data: catalogue } = useQuery({ queryKey: ["flows", "nodes"], queryFn: readCatalogue });
  const [title, setTitle] = useState("");
  const [typed, setTyped] = useState("");
  const [from, setFrom] = useState("");
  const [error, setError] = useState<unknown>(null);
  const name = typed || idFrom(title);
  const good = /^[a-z0-9_-]{1,32}$/.test(name);
  const make = async () => {
    setError(null);
    const [what, which = ""] = from.split(":");
    try {
      await createFlow({
        name,
        title: title.trim(),
        template: what === "template" ? which : "",
        copy_of: what === "copy" ? which : "",
        time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC",
      });
      await client.invalidateQueries({ queryKey: ["flows"] });
      onMade(name);
    } catch (problem) {
      setError(problem);
    }
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={<Text fw={650}>{t("flow.new")}</Text>}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (good && title.trim() !== "") void make();
        }}
      >
        <Stack>
          <TextInput
            label={t("flow.name")}
            maxLength={120}
            data-autofocus
            value={title}
            onChange={(event) => setTitle(event.currentTarget.value)}
          />
          <TextInput
            label={t("flow.flowId")}
            description={t("flow.flowIdHint")}
            placeholder={idFrom(title)}
            maxLength={32}
            value={typed}
            error={name !== "" && !good ? t("flow.flowIdWrong") : undefined}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          <Select
            label={t("flow.beginWith")}
            value={from}
            allowDeselect={false}
            onChange={(value) => setFrom(value ?? "")}
            data={[
              { value: "", label: t("flow.beginSmall") },
              {
                group: t("flow.templates"),
                items: (catalogue?.templates ?? []).map((one) => ({
                  value: `template:${one}`,
                  label: one,
                })),
              },
              {
                group: t("flow.copies"),
                items: (flows ?? []).map((one) => ({
                  value: `copy:${one.name}`,
                  label: one.title || one.name,
                })),
              },
            ]}
          />
          {error !== null && <Failure error={error} />}
          <Button type="submit" disabled={!good || title.trim() === ""}>
            {t("flow.create")}
          </Button>
        </Stack>
      </form>
    </Modal>
  );
}

/** A file that is no flow: what is wrong with its text, line by line. */
function Unreadable({ mistakes }: { mistakes: MistakeRead[] }) {
  const { t } = useTranslation();
  const language = useLanguage();
  return (
    <Alert color="red" role="alert" title={t("flow.unreadable")}>
      {mistakes.slice(0, MISTAKES_SHOWN).map((mistake) => (
        <Text size="sm" key={`${mistake.line} ${mistake.message}`}>
          {mistake.line ? `${t("flow.line", { line: mistake.line })} ` : ""}
          {sentence(mistake, language)}
        </Text>
      ))}
    </Alert>
  );
}
