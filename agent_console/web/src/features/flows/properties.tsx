// What is selected, to be changed: a node's id, settings and ways; a note's text; with nothing selected
// the flow's own settings.
import { ActionIcon, Button, Group, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { IconCopy, IconFlag, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useLanguage } from "@/state/choices";
import { FieldInput } from "./fields/field";
import { FlowSettings } from "./flow_settings";
import { type FieldSpec, portsField } from "./model/catalogue";
import { duplicateSelected } from "./model/clipping";
import { edit, type Mistake, removeSelected, select, useEditor, useFlow } from "./model/editor";
import { type FlowNode, NODE_ID, renameNode, renamePort, setSetting } from "./model/flow";
import { sentence } from "./model/sentence";
import { Ways } from "./ways";

const NO_MISTAKES: readonly Mistake[] = [];

export function Properties() {
  const { t } = useTranslation();
  const selected = useEditor((state) => state.selected);
  const flow = useFlow();
  const [id] = selected;
  if (id === undefined) return <FlowSettings />;
  if (selected.size > 1) {
    return (
      <Stack p="sm">
        <Text>{t("flow.selected", { count: selected.size })}</Text>
        <Tools />
      </Stack>
    );
  }
  const node = flow.nodes[id];
  if (node !== undefined) return <NodeProperties key={id} id={id} node={node} />;
  return (
    <Stack p="sm">
      <Textarea
        label={t("flow.note")}
        autosize
        minRows={4}
        maxLength={1000}
        value={flow.notes[id]?.text ?? ""}
        onChange={(event) => {
          const text = event.currentTarget.value;
          edit(`note:${id}`, (now) => {
            const note = now.notes[id];
            return note ? { ...now, notes: { ...now.notes, [id]: { ...note, text } } } : now;
          });
        }}
      />
      <Tools />
    </Stack>
  );
}

function Tools() {
  const { t } = useTranslation();
  return (
    <Group gap="xs">
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<IconCopy size={15} />}
        onClick={duplicateSelected}
      >
        {t("flow.duplicate")}
      </Button>
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<IconTrash size={15} />}
        onClick={removeSelected}
      >
        {t("flow.delete")}
      </Button>
    </Group>
  );
}

function NodeProperties({ id, node }: { id: string; node: FlowNode }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const catalogue = useEditor((state) => state.catalogue);
  const mistakes = useEditor((state) => state.byNode.get(id)) ?? NO_MISTAKES;
  const first = useEditor((state) => state.history.present.start === id);
  const kind = catalogue.get(node.kind);
  const fields = kind?.fields ?? [];
  const others = mistakes.filter(
    ({ field, port }) => port === "" && !fields.some(({ name }) => name === field.split(".")[0]),
  );
  const wrong = (name: string) =>
    mistakes
      .filter(({ field, port }) => port === "" && field.split(".")[0] === name)
      .map((mistake) => sentence(mistake, language))
      .join(" ") || undefined;
  const input = (spec: FieldSpec) => (
    <FieldInput
      key={spec.name}
      spec={spec}
      value={node.settings[spec.name]}
      error={wrong(spec.name)}
      onChange={(value) =>
        edit(`${id}:${spec.name}`, (flow) => setSetting(flow, id, spec.name, value))
      }
      onRenameKey={(from, to) => {
        if (portsField(node.kind) === spec.name)
          edit(`${id}:${spec.name}`, (flow) => renamePort(flow, id, from, to));
      }}
    />
  );
  return (
    <Stack p="sm" gap="sm" data-testid="properties">
      <div>
        <Text fw={650}>{kind?.title ?? node.kind}</Text>
        <Text size="xs" c="dimmed">
          {kind?.about}
        </Text>
      </div>
      <NodeId id={id} />
      {others.map((mistake) => (
        <Text key={mistake.message} size="sm" c="var(--mantine-color-red-light-color)">
          {sentence(mistake, language)}
        </Text>
      ))}
      {fields.filter(({ required }) => required).map(input)}
      <Ways id={id} node={node} mistakes={mistakes} />
      {fields.filter(({ required }) => !required).map(input)}
      <Group gap="xs">
        <Tools />
        {!first && (
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconFlag size={15} />}
            onClick={() => edit("", (flow) => ({ ...flow, start: id }))}
          >
            {t("flow.makeStart")}
          </Button>
        )}
      </Group>
    </Stack>
  );
}

/** Taken over when it is left: every way that leads here follows. */
function NodeId({ id }: { id: string }) {
  const { t } = useTranslation();
  const flow = useFlow();
  const [typed, setTyped] = useState(id);
  const wrong =
    typed === id
      ? null
      : !NODE_ID.test(typed)
        ? t("flow.idWrong")
        : typed in flow.nodes
          ? t("flow.idTaken")
          : null;
  const done = () => {
    if (wrong !== null || typed === id) return;
    edit("", (now) => renameNode(now, id, typed));
    select([typed]);
  };
  return (
    <TextInput
      label={t("flow.id")}
      value={typed}
      error={wrong}
      maxLength={32}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={done}
      onKeyDown={(event) => {
        if (event.key === "Enter") done();
        if (event.key === "Escape") setTyped(id);
      }}
      rightSection={
        typed !== id && wrong === null ? (
          <ActionIcon variant="subtle" aria-label={t("action.save")} onClick={done}>
            <IconFlag size={14} />
          </ActionIcon>
        ) : null
      }
    />
  );
}
