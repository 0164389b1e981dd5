// Two people changed the same flow. Nothing is overwritten: what differs is shown, and one's own work is
// kept as a copy, left, or put together with theirs, node by node.
import { Button, Group, Modal, Radio, Stack, Text } from "@mantine/core";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure } from "@/components/feedback";
import { createFlow, listFlows, saveDraft } from "@/wire/flows";
import { DiffView } from "./diff_view";
import { clashes, difference, merge } from "./model/difference";
import { useFlow } from "./model/editor";
import { type Flow, freeId, type Json, readFlow, writeFlow } from "./model/flow";
import { forget } from "./model/keeping";
import type { Conflict } from "./model/saver";

interface Props {
  name: string;
  conflict: Conflict;
  onSettled(flow: Flow, base: Json, revision: number): void;
  onCopied(name: string): void;
}

type Whose = "mine" | "theirs";

export function ConflictDialog({ name, conflict, onSettled, onCopied }: Props) {
  const { t } = useTranslation();
  const mine = useFlow();
  const [choices, setChoices] = useState<ReadonlyMap<string, Whose>>(new Map());
  const [error, setError] = useState<unknown>(null);
  const [base, theirs] = useMemo(
    () => [readFlow(conflict.base), readFlow(conflict.theirs)],
    [conflict],
  );
  const changed = useMemo(() => difference(theirs, mine), [theirs, mine]);
  const both = useMemo(() => clashes(base, mine, theirs), [base, mine, theirs]);
  const keepCopy = async () => {
    setError(null);
    try {
      const taken = new Set((await listFlows()).map((flow) => flow.name));
      const copy = freeId((one) => taken.has(one), `${name.slice(0, 26)}-2`);
      const title = t("flow.copyOf", { name: mine.name }).slice(0, 120);
      const made = await createFlow({
        name: copy,
        title,
        template: "",
        copy_of: name,
        time_zone: mine.timezone,
      });
      const flow = { ...mine, id: copy, name: title };
      await saveDraft(copy, writeFlow(flow), made.draft_revision);
      forget(localStorage, name);
      onSettled(theirs, conflict.theirs, conflict.revision);
      onCopied(copy);
    } catch (problem) {
      setError(problem);
    }
  };
  return (
    <Modal
      opened
      onClose={() => undefined}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
      size="xl"
      title={<Text fw={650}>{t("flow.conflictTitle")}</Text>}
    >
      <Stack data-testid="conflict">
        <Text size="sm">{t("flow.conflictHint", { by: conflict.by })}</Text>
        <DiffView changes={changed} />
        {both.map(({ part, id }) => (
          <Radio.Group
            key={`${part}/${id}`}
            label={t("flow.clash", { id })}
            value={choices.get(`${part}/${id}`) ?? "theirs"}
            onChange={(whose) =>
              setChoices(new Map([...choices, [`${part}/${id}`, whose as Whose]]))
            }
          >
            <Group mt={4}>
              <Radio value="mine" label={t("flow.mine")} />
              <Radio value="theirs" label={t("flow.theirs")} />
            </Group>
          </Radio.Group>
        ))}
        {error !== null && <Failure error={error} />}
        <Group>
          <Button
            onClick={() =>
              onSettled(merge(base, mine, theirs, choices), conflict.theirs, conflict.revision)
            }
          >
            {t("flow.merge")}
          </Button>
          <Button variant="default" onClick={() => void keepCopy()}>
            {t("flow.keepCopy")}
          </Button>
          <Button
            variant="default"
            onClick={() => onSettled(theirs, conflict.theirs, conflict.revision)}
          >
            {t("flow.takeTheirs")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
