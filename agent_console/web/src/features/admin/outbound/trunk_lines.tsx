// How many lines the trunks have, for the report of trunks: of each that is named, or of all together.
import {
  ActionIcon,
  Autocomplete,
  Button,
  Card,
  Group,
  NumberInput,
  Stack,
  Text,
  Title,
} from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure, Rows } from "@/components/feedback";
import { notify } from "@/components/notices";
import { useKeptForm } from "@/state/kept_form";
import { ApiError } from "@/wire/rest";
import { putTrunkLines, readTrunkLines, type TrunkLines } from "@/wire/trunk_lines";

const QUERY = ["trunk-lines"];
const LINES_MAX = 100_000;
const NAME = /^[A-Za-z0-9_.-]{1,64}$/;

interface Row {
  key: number;
  trunk: string;
  lines: number | "";
}
interface Draft {
  together: number | "";
  rows: Row[];
}

export function TrunkLinesCard() {
  const query = useQuery({ queryKey: QUERY, queryFn: readTrunkLines });
  if (query.isError) return <Failure error={query.error} retry={() => void query.refetch()} />;
  if (query.data === undefined) return <Rows count={3} />;
  return <Lines key={query.data.version} kept={query.data} />;
}

/** Whole numbers alone; what is cleared is not known. */
const whole = (value: number | string): number | "" => (typeof value === "number" ? value : "");

function Lines({ kept }: { kept: TrunkLines }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const form = useKeptForm<Draft>("trunk-lines", {
    together: kept.together ?? "",
    rows: (kept.trunks ?? []).map((one, key) => ({ key, ...one })),
  });
  const [draft, setDraft] = useState(form.first);
  const [error, setError] = useState<unknown>(null);
  const [wrong, setWrong] = useState<Record<string, string>>({});
  const [busy, setBusy] = useState(false);
  const { rows } = draft;
  const put = (part: Partial<Draft>) => {
    const next = { ...draft, ...part };
    setDraft(next);
    form.keep(next);
  };
  const change = (key: number, part: Partial<Row>) =>
    put({ rows: rows.map((one) => (one.key === key ? { ...one, ...part } : one)) });
  const flaws = () => {
    const found: Record<string, string> = {};
    rows.forEach((one, place) => {
      if (!NAME.test(one.trunk)) found[`trunks.${place}.trunk`] = t("trunkLines.badName");
      if (one.lines === "") found[`trunks.${place}.lines`] = t("trunkLines.badLines");
    });
    return found;
  };
  const save = async () => {
    setError(null);
    const found = flaws();
    setWrong(found);
    if (Object.keys(found).length > 0) return;
    setBusy(true);
    try {
      const body = {
        version: kept.version,
        together: draft.together === "" ? null : draft.together,
        trunks: rows.map(({ trunk, lines }) => ({ trunk, lines: Number(lines) })),
      };
      const stored = await putTrunkLines(body);
      form.forget();
      client.setQueryData(QUERY, stored);
      await client.invalidateQueries({ queryKey: ["report"] });
      notify({ color: "green", message: t("trunkLines.saved") });
    } catch (problem) {
      setError(problem);
      if (problem instanceof ApiError) setWrong(problem.fields);
    } finally {
      setBusy(false);
    }
  };
  const named = new Set(rows.map((one) => one.trunk));
  const others = kept.known.filter((name) => !named.has(name));
  const add = () => {
    const key = Math.max(-1, ...rows.map((one) => one.key)) + 1;
    put({ rows: [...rows, { key, trunk: others[0] ?? "", lines: "" }] });
  };
  const lines = { min: 1, max: LINES_MAX, allowDecimal: false, w: 140 };
  return (
    <Card withBorder data-testid="trunk-lines">
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <Stack>
          <div>
            <Title order={3} size="h5">
              {t("trunkLines.title")}
            </Title>
            <Text size="xs" c="dimmed">
              {t("trunkLines.hint")}
            </Text>
          </div>
          <NumberInput
            label={t("trunkLines.together")}
            description={t("trunkLines.togetherHint")}
            {...lines}
            w={undefined}
            maw={420}
            value={draft.together}
            error={wrong.together}
            onChange={(value) => put({ together: whole(value) })}
          />
          {rows.map((one, place) => (
            <Group key={one.key} align="flex-start">
              <Autocomplete
                w={240}
                aria-label={t("trunkLines.trunk")}
                placeholder={t("trunkLines.trunk")}
                maxLength={64}
                data={[...new Set([one.trunk, ...others])].filter((name) => name !== "")}
                value={one.trunk}
                error={wrong[`trunks.${place}.trunk`]}
                onChange={(trunk) => change(one.key, { trunk: trunk.trim() })}
              />
              <NumberInput
                aria-label={t("trunkLines.lines", { name: one.trunk })}
                placeholder={t("trunkLines.count")}
                {...lines}
                value={one.lines}
                error={wrong[`trunks.${place}.lines`]}
                onChange={(value) => change(one.key, { lines: whole(value) })}
              />
              <ActionIcon
                variant="subtle"
                color="red"
                size="lg"
                aria-label={t("trunkLines.remove", { name: one.trunk })}
                onClick={() => put({ rows: rows.filter(({ key }) => key !== one.key) })}
              >
                <IconTrash size={16} />
              </ActionIcon>
            </Group>
          ))}
          <Button
            variant="default"
            size="compact-sm"
            style={{ alignSelf: "flex-start" }}
            leftSection={<IconPlus size={14} />}
            onClick={add}
          >
            {t("trunkLines.add")}
          </Button>
          {error !== null && <Failure error={error} />}
          <Button type="submit" loading={busy} style={{ alignSelf: "flex-start" }}>
            {t("action.save")}
          </Button>
        </Stack>
      </form>
    </Card>
  );
}
