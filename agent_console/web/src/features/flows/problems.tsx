// All mistakes the server found in what is drawn now; a press shows the node.
import { Badge, Collapse, Group, Stack, Text, UnstyledButton } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck, IconHourglass } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useLanguage } from "@/state/choices";
import { type Mistake, show, useEditor, useFlow } from "./model/editor";
import { sentence } from "./model/sentence";

export function Problems({ unreachable }: { unreachable: boolean }) {
  const { t } = useTranslation();
  const mistakes = useEditor((state) => state.mistakes);
  const checked = useEditor((state) => state.checked);
  const [open, setOpen] = useState(false);
  const none = mistakes.length === 0;
  return (
    <section className="fd-panel" aria-label={t("flow.problems")} data-testid="problems">
      <UnstyledButton
        w="100%"
        px="sm"
        py={6}
        aria-expanded={open}
        disabled={none}
        onClick={() => setOpen(!open)}
      >
        <Group gap="xs" role="status" data-count={checked ? mistakes.length : undefined}>
          {!checked ? (
            <IconHourglass size={17} aria-hidden />
          ) : none ? (
            <IconCircleCheck size={17} color="var(--mantine-color-green-light-color)" aria-hidden />
          ) : (
            <IconAlertTriangle size={17} color="var(--mantine-color-red-light-color)" aria-hidden />
          )}
          <Text size="sm">
            {unreachable
              ? t("flow.notChecked")
              : !checked
                ? t("flow.checking")
                : none
                  ? t("flow.noMistakes")
                  : t("flow.mistakes", { count: mistakes.length })}
          </Text>
        </Group>
      </UnstyledButton>
      <Collapse expanded={open && !none}>
        <Stack gap={0} pb={4} mah={180} style={{ overflow: "auto" }}>
          {mistakes.map((mistake) => (
            <Row key={`${mistake.node}${mistake.port}${mistake.message}`} mistake={mistake} />
          ))}
        </Stack>
      </Collapse>
    </section>
  );
}

function Row({ mistake }: { mistake: Mistake }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const flow = useFlow();
  const id = mistake.node.split(".")[0] ?? "";
  return (
    <UnstyledButton
      px="sm"
      py={4}
      className="cc-row"
      disabled={!(id in flow.nodes)}
      onClick={() => show(id)}
    >
      <Group gap="xs" wrap="nowrap" align="flex-start">
        <Badge size="sm" color="red" variant="light" className="cc-badge">
          {mistake.node === ""
            ? t("flow.theFlow")
            : mistake.port === ""
              ? mistake.node
              : `${mistake.node}, ${mistake.port}`}
        </Badge>
        <Text size="sm">{sentence(mistake, language)}</Text>
      </Group>
    </UnstyledButton>
  );
}
