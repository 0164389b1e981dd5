// Calibrations: who takes part, one's own judgement, and, once all are in, how far the judges lie apart.
import { Badge, Button, Card, Group, ScrollArea, Stack, Table, Text, Title } from "@mantine/core";
import { IconUsersGroup } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Empty, Failure, Rows } from "@/components/feedback";
import { questionIn, scoreText } from "@/components/quality/words";
import { useSaving } from "@/components/saving";
import { useAgentName, useLanguage } from "@/state/choices";
import { serverNow } from "@/state/clock";
import { moment, percent } from "@/state/format";
import {
  type Calibration,
  closeCalibration,
  type FormQuestion,
  type Judged,
  judgeIn,
  listCalibrations,
  readCalibration,
} from "@/wire/quality";

export function Calibrations() {
  const { t } = useTranslation();
  const { calibration } = useSearch({ from: "/inside/quality" });
  const query = useQuery({ queryKey: ["quality", "calibrations"], queryFn: listCalibrations });
  if (query.isError) return <Failure error={query.error} retry={() => void query.refetch()} />;
  if (query.data === undefined) return <Rows count={4} />;
  const { items } = query.data;
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        {t("quality.calibrationsHint")}
      </Text>
      {calibration !== undefined && <One id={calibration} />}
      {items.length === 0 ? (
        <Card withBorder>
          <Empty
            icon={IconUsersGroup}
            title={t("quality.noCalibrations")}
            hint={t("quality.noCalibrationsHint")}
          />
        </Card>
      ) : (
        <Card withBorder>
          <Stack gap="xs">
            {items.map((one) => (
              <Line key={one.id} one={one} />
            ))}
          </Stack>
        </Card>
      )}
    </Stack>
  );
}

function Line({ one }: { one: Calibration }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const agentName = useAgentName();
  return (
    <Group justify="space-between" wrap="nowrap" data-calibration={one.id}>
      <div style={{ minWidth: 0 }}>
        <Text fw={600} truncate>
          {one.title}
        </Text>
        <Text size="xs" c="dimmed">
          {agentName(one.agent)} · {one.by_name} ·{" "}
          {moment(Date.parse(one.created) / 1000, serverNow(), language)}
        </Text>
      </div>
      <Group gap="xs" wrap="nowrap">
        <Badge className="cc-badge" variant="light" color={one.closed === null ? "blue" : "green"}>
          {t(one.closed === null ? "quality.blind" : "quality.closed")}
        </Badge>
        <Button
          size="compact-sm"
          variant="default"
          renderRoot={(props) => (
            <Link to="/quality" search={{ tab: "calibrations", calibration: one.id }} {...props} />
          )}
        >
          {t("quality.open")}
        </Button>
      </Group>
    </Group>
  );
}

function One({ id }: { id: string }) {
  const { t } = useTranslation();
  const agentName = useAgentName();
  const navigate = useNavigate();
  const { save, saving } = useSaving(["quality"]);
  const query = useQuery({
    queryKey: ["quality", "calibration", id],
    queryFn: () => readCalibration(id),
  });
  if (query.isError) return <Failure error={query.error} retry={() => void query.refetch()} />;
  if (query.data === undefined) return <Rows count={3} />;
  const found = query.data;
  return (
    <Card withBorder data-testid="calibration" data-closed={found.closed !== null}>
      <Group justify="space-between" mb="sm">
        <div>
          <Title order={3} size="h5">
            {found.title}
          </Title>
          <Text size="sm" c="dimmed">
            {agentName(found.agent)}
          </Text>
        </div>
        <Group gap="xs">
          <Button
            size="xs"
            variant="subtle"
            renderRoot={(props) => (
              <Link to="/recordings" search={{ open: found.recording }} {...props} />
            )}
          >
            {t("quality.recording")}
          </Button>
          {found.judging && found.closed === null && (
            <Button
              size="xs"
              loading={saving}
              onClick={() =>
                void save(async () => {
                  const open = await judgeIn(id);
                  await navigate({ to: "/quality", search: { open } });
                })
              }
            >
              {t("quality.judge")}
            </Button>
          )}
          {found.closed === null && (
            <Button
              size="xs"
              variant="default"
              loading={saving}
              onClick={() => void save(() => closeCalibration(id))}
            >
              {t("quality.close")}
            </Button>
          )}
        </Group>
      </Group>
      <Group gap="xs" mb="sm">
        {found.judges.map((judge) => (
          <Badge
            key={judge.id}
            className="cc-badge"
            variant="light"
            color={judge.handed_in ? "green" : "gray"}
          >
            {judge.name} · {t(judge.handed_in ? "quality.isIn" : "quality.isNotIn")}
          </Badge>
        ))}
      </Group>
      {found.closed === null ? (
        <Text size="sm" c="dimmed">
          {t("quality.blindHint")}
        </Text>
      ) : (
        <Compared found={found} />
      )}
    </Card>
  );
}

function Compared({ found }: { found: Judged }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { spread, agreements, evaluations } = found;
  const said = (question: FormQuestion, answer: number | null | undefined) => {
    if (answer === null || answer === undefined) return t("quality.notApplicable");
    if (question.kind === "scale") return String(answer);
    return t(answer === 1 ? "quality.yes" : "quality.no");
  };
  if (evaluations.length === 0) return <Text size="sm">{t("quality.nobodyJudged")}</Text>;
  return (
    <Stack>
      {spread !== null && (
        <Text data-testid="spread">
          {t("quality.spread", {
            mean: Math.round(spread.mean * 100) / 100,
            lowest: spread.lowest,
            highest: spread.highest,
            deviation: Math.round(spread.deviation * 100) / 100,
          })}
        </Text>
      )}
      <ScrollArea>
        <Table verticalSpacing={6} miw={560}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("quality.question")}</Table.Th>
              {evaluations.map((one) => (
                <Table.Th key={one.id}>{one.evaluator_name}</Table.Th>
              ))}
              <Table.Th ta="end">{t("quality.agreement")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {found.shape.sections
              .flatMap(({ questions }) => questions)
              .map((question) => (
                <Table.Tr key={question.code}>
                  <Table.Td>{questionIn(question, language)}</Table.Td>
                  {evaluations.map((one) => (
                    <Table.Td key={one.id} className="cc-figures">
                      {said(question, one.answers[question.code])}
                    </Table.Td>
                  ))}
                  <Table.Td ta="end" className="cc-figures">
                    {percent(100 * (agreements?.[question.code] ?? 0), language)}
                  </Table.Td>
                </Table.Tr>
              ))}
          </Table.Tbody>
          <Table.Tfoot>
            <Table.Tr>
              <Table.Th>{t("quality.score")}</Table.Th>
              {evaluations.map((one) => (
                <Table.Th key={one.id} className="cc-figures">
                  {scoreText(one.score)}
                </Table.Th>
              ))}
              <Table.Th />
            </Table.Tr>
          </Table.Tfoot>
        </Table>
      </ScrollArea>
    </Stack>
  );
}
