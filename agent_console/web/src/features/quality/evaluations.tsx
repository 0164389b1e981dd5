// Evaluations: found by agent, form, state and day; what is looked for stands in the address.
import { Badge, Button, Group, Select, Stack, Table, Text, TextInput } from "@mantine/core";
import { IconChecklist } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { PagedTable } from "@/components/more";
import { nameIn, scoreText, useForms } from "@/components/quality/words";
import type { QualitySearch } from "@/state/addresses";
import { useAgentName, useChoices, useLanguage } from "@/state/choices";
import { serverNow } from "@/state/clock";
import { beginningOf, isZone } from "@/state/day_in";
import { moment } from "@/state/format";
import { useSession } from "@/state/session";
import {
  type Evaluation,
  type EvaluationFilter,
  type EvaluationState,
  listEvaluations,
} from "@/wire/quality";

const STATES = ["draft", "submitted", "acknowledged", "disputed", "answered"] as const;
const COLORS: Record<EvaluationState, string> = {
  draft: "gray",
  submitted: "blue",
  acknowledged: "green",
  disputed: "orange",
  answered: "violet",
};

function wanted(search: QualitySearch): EvaluationFilter {
  const day = (iso: string, after: number) => {
    if (isZone(search.zone)) return beginningOf(iso, search.zone, after);
    const [year = 0, month = 1, date = 1] = iso.split("-").map(Number);
    return new Date(year, month - 1, date + after).toISOString();
  };
  const { agent, form, state, first, last } = search;
  return {
    ...(agent ? { agent } : {}),
    ...(form ? { form } : {}),
    ...(STATES.some((one) => one === state) ? { state: state as EvaluationState } : {}),
    ...(first ? { since: day(first, 0) } : {}),
    ...(last ? { until: day(last, 1) } : {}),
  };
}

export function Evaluations() {
  const { t } = useTranslation();
  const search = useSearch({ from: "/inside/quality" });
  const filter = wanted(search);
  const query = useInfiniteQuery({
    queryKey: ["quality", "evaluations", filter],
    queryFn: ({ pageParam }) => listEvaluations(filter, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Stack>
      <Filters search={search} />
      <PagedTable
        query={query}
        none={items.length === 0}
        count={5}
        icon={IconChecklist}
        title={t("quality.noEvaluations")}
        hint={t("quality.noEvaluationsHint")}
        more={t("quality.more")}
      >
        <Lines items={items} />
      </PagedTable>
    </Stack>
  );
}

function Filters({ search }: { search: QualitySearch }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { role } = useSession();
  const { agent_names } = useChoices();
  const forms = useForms();
  const navigate = useNavigate();
  const go = (change: Partial<QualitySearch>) =>
    void navigate({ to: "/quality", search: { ...search, tab: "list", ...change } });
  return (
    <Group gap="sm" align="flex-end">
      {role !== "agent" && (
        <>
          <Select
            label={t("calls.agent")}
            clearable
            searchable
            data={Object.entries(agent_names).map(([value, label]) => ({ value, label }))}
            value={search.agent ?? null}
            onChange={(agent) => go({ agent: agent ?? undefined })}
          />
          <Select
            label={t("quality.form")}
            clearable
            data={(forms.data?.items ?? []).map(({ form }) => ({
              value: form.code,
              label: nameIn(form, language),
            }))}
            value={search.form ?? null}
            onChange={(form) => go({ form: form ?? undefined })}
          />
        </>
      )}
      <Select
        label={t("quality.state")}
        clearable
        data={STATES.filter((one) => role !== "agent" || one !== "draft").map((value) => ({
          value,
          label: t(`evaluationState.${value}`),
        }))}
        value={search.state ?? null}
        onChange={(state) => go({ state: state ?? undefined })}
      />
      <TextInput
        type="date"
        label={t("quality.first")}
        value={search.first ?? ""}
        onChange={(event) => go({ first: event.currentTarget.value || undefined })}
      />
      <TextInput
        type="date"
        label={t("quality.last")}
        value={search.last ?? ""}
        onChange={(event) => go({ last: event.currentTarget.value || undefined })}
      />
      {isZone(search.zone) && (search.first || search.last) && (
        <Text size="sm" c="dimmed" pb={8}>
          {t("quality.daysOf", { zone: search.zone })}
        </Text>
      )}
    </Group>
  );
}

function Lines({ items }: { items: Evaluation[] }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const agentName = useAgentName();
  const forms = useForms();
  const formName = (code: string) => {
    const found = forms.data?.items.find(({ form }) => form.code === code);
    return found === undefined ? code : nameIn(found.form, language);
  };
  return (
    <Table highlightOnHover verticalSpacing="sm" horizontalSpacing="md" miw={760}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t("calls.when")}</Table.Th>
          <Table.Th>{t("calls.agent")}</Table.Th>
          <Table.Th>{t("quality.form")}</Table.Th>
          <Table.Th>{t("quality.evaluator")}</Table.Th>
          <Table.Th>{t("quality.state")}</Table.Th>
          <Table.Th ta="end">{t("quality.score")}</Table.Th>
          <Table.Th />
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {items.map((one) => (
          <Table.Tr key={one.id} data-evaluation={one.id} data-state={one.state}>
            <Table.Td className="cc-figures">
              {moment(Date.parse(one.began_at) / 1000, serverNow(), language)}
            </Table.Td>
            <Table.Td>{agentName(one.agent)}</Table.Td>
            <Table.Td>{formName(one.form)}</Table.Td>
            <Table.Td>{one.evaluator_name}</Table.Td>
            <Table.Td>
              <Badge variant="light" className="cc-badge" color={COLORS[one.state]}>
                {t(`evaluationState.${one.state}`)}
              </Badge>
            </Table.Td>
            <Table.Td ta="end" className="cc-figures">
              {scoreText(one.score)}
            </Table.Td>
            <Table.Td ta="end">
              <Button
                size="compact-sm"
                variant="default"
                renderRoot={(props) => <Link to="/quality" search={{ open: one.id }} {...props} />}
              >
                {t("quality.open")}
              </Button>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
