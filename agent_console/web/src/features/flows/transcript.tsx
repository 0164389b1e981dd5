// What was said, asked and answered in a simulated call, and the variables at its end.
import { Alert, Badge, Card, Group, Stack, Table, Text, UnstyledButton } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useLanguage } from "@/state/choices";
import type { Tried, TryTurn } from "@/wire/flows";
import { show, useEditor } from "./model/editor";

export function Transcript({ tried }: { tried: Tried }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const own = Object.entries(tried.variables);
  const { end } = tried;
  return (
    <Stack gap={6} role="log" aria-label={t("flow.transcript")} data-testid="transcript">
      {tried.turns.map((turn, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: turns are only added at the end
        <Turn key={index} turn={turn} />
      ))}
      {end !== null && (
        <Alert
          color={end.how === "abandoned" ? "orange" : "green"}
          data-testid="simulated-end"
          data-how={end.how}
          data-target={end.target}
        >
          {t(`flowEnd.${end.how}` as "flowEnd.queue", { target: end.target })}
          {details(end.detail)}
        </Alert>
      )}
      {(language === "zh" ? tried.troubles_zh : tried.troubles).map((trouble) => (
        <Alert key={trouble} color="red">
          {trouble}
        </Alert>
      ))}
      {own.length > 0 && (
        <Card withBorder padding={6}>
          <Text size="xs" fw={600}>
            {t("flow.variables")}
          </Text>
          <Table verticalSpacing={2} fz="xs">
            <Table.Tbody>
              {own.map(([variable, value]) => (
                <Table.Tr key={variable}>
                  <Table.Td>{variable}</Table.Td>
                  <Table.Td style={{ overflowWrap: "anywhere" }}>
                    {typeof value === "string" ? value : JSON.stringify(value)}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Card>
      )}
    </Stack>
  );
}

function details(detail: Record<string, unknown>): string {
  const skills = detail.skills;
  if (typeof skills !== "object" || skills === null) return "";
  const rows = Object.entries(skills).map(([skill, least]) => `${skill} ≥ ${String(least)}`);
  return rows.length === 0 ? "" : ` (${rows.join(", ")})`;
}

function Turn({ turn }: { turn: TryTurn }) {
  const { t } = useTranslation();
  const kind = useEditor((state) => {
    const found = state.history.present.nodes[turn.node];
    return found ? (state.catalogue.get(found.kind)?.title ?? found.kind) : "";
  });
  return (
    <Card withBorder padding={6}>
      <Group justify="space-between" gap="xs" wrap="nowrap">
        <UnstyledButton onClick={() => show(turn.node)}>
          <Text size="xs" fw={600}>
            {kind} {turn.node}
          </Text>
        </UnstyledButton>
        <Text size="xs" c="dimmed" className="cc-figures">
          {turn.local_time.slice(-5)} · {turn.language}
        </Text>
      </Group>
      {turn.said.map(({ kind: what, value, text }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: what was said does not change
        <Text key={index} size="sm" lang={turn.language.replace("_", "-")}>
          {text || `[${what}: ${value}]`}
        </Text>
      ))}
      {turn.ask === "lookup" && (
        <Text size="xs" c="dimmed">
          {String(turn.detail.source ?? "")} {JSON.stringify(turn.detail.arguments ?? {})}
        </Text>
      )}
      {turn.answer !== null && (
        <Badge size="sm" variant="light" className="cc-badge">
          {t(`flowStep.${turn.answer.kind}` as "flowStep.press")}
          {turn.answer.value === undefined || turn.answer.value === null
            ? ""
            : `: ${typeof turn.answer.value === "string" ? turn.answer.value : JSON.stringify(turn.answer.value)}`}
        </Badge>
      )}
    </Card>
  );
}
