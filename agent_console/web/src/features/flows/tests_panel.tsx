// The flow's test cases: run all, what came of each, and which ways out no case went.
import {
  ActionIcon,
  Badge,
  Button,
  Group,
  Progress,
  Stack,
  Text,
  UnstyledButton,
} from "@mantine/core";
import { IconCircleCheck, IconCircleX, IconPlayerPlay, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure } from "@/components/feedback";
import { useLanguage } from "@/state/choices";
import { runTests, type TestResults } from "@/wire/flows";
import { edit, flowNow, show, useFlow } from "./model/editor";
import { writeFlow } from "./model/flow";

const MISSED_SHOWN = 30;

export function TestsPanel({ name }: { name: string }) {
  const { t } = useTranslation();
  const flow = useFlow();
  const [results, setResults] = useState<TestResults | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const run = async () => {
    setBusy(true);
    setError(null);
    try {
      setResults(await runTests(name, writeFlow(flowNow())));
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Stack p="sm" gap="sm">
      <Group justify="space-between">
        <Text size="sm">{t("flow.testCount", { count: flow.tests.length })}</Text>
        <Button
          size="xs"
          loading={busy}
          leftSection={<IconPlayerPlay size={15} />}
          onClick={() => void run()}
        >
          {t("flow.runTests")}
        </Button>
      </Group>
      {flow.tests.length === 0 && (
        <Text size="sm" c="dimmed">
          {t("flow.noTestsHint")}
        </Text>
      )}
      {flow.tests.map((test) => (
        <Group key={test.name} justify="space-between" wrap="nowrap" gap="xs">
          <Text size="sm" truncate>
            {test.name}
          </Text>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t("flow.removeRow", { key: test.name })}
            onClick={() =>
              edit("", (now) => ({ ...now, tests: now.tests.filter((one) => one !== test) }))
            }
          >
            <IconTrash size={15} />
          </ActionIcon>
        </Group>
      ))}
      {error !== null && <Failure error={error} />}
      {results !== null && <TestRows results={results} />}
    </Stack>
  );
}

export function TestRows({ results }: { results: TestResults }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const good = results.tests.filter(({ passed }) => passed).length;
  return (
    <Stack gap="xs" data-testid="test-results" data-passed={results.passed}>
      <Text size="sm" fw={600}>
        {t("flow.testsPassed", { good, count: results.tests.length })}
      </Text>
      {results.tests.map(({ name, passed, problems, problems_zh }) => (
        <div key={name}>
          <Group gap={6} wrap="nowrap">
            {passed ? (
              <IconCircleCheck size={16} color="var(--mantine-color-green-light-color)" />
            ) : (
              <IconCircleX size={16} color="var(--mantine-color-red-light-color)" />
            )}
            <Text size="sm">{name}</Text>
          </Group>
          {(language === "zh" ? problems_zh : problems).map((problem) => (
            <Text key={problem} size="xs" pl={22} c="var(--mantine-color-red-light-color)">
              {problem}
            </Text>
          ))}
        </div>
      ))}
      <div>
        <Text size="sm">
          {t("flow.coverage", { covered: results.covered, ports: results.ports })}
        </Text>
        <Progress value={results.percent} mt={4} aria-label={t("flow.coverageLabel")} />
      </div>
      {results.missed.length > 0 && (
        <Group gap={4}>
          <Text size="xs" c="dimmed">
            {t("flow.missed")}
          </Text>
          {results.missed.slice(0, MISSED_SHOWN).map(([node, port]) => (
            <UnstyledButton key={`${node}/${port}`} onClick={() => show(node)}>
              <Badge size="sm" variant="default" className="cc-badge">
                {node}, {port}
              </Badge>
            </UnstyledButton>
          ))}
        </Group>
      )}
    </Stack>
  );
}
