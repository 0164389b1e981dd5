// The kinds of nodes, to drag onto the canvas or to add by Enter: beside what is selected, and then
// connected to its first open way.
import { Stack, Text, TextInput, UnstyledButton } from "@mantine/core";
import { IconNote, IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { GROUP_ORDER, looksOf } from "./kind_looks";
import { addAfterSelected, addNote } from "./model/adding";
import { useEditor } from "./model/editor";

export const DRAGGED_KIND = "application/x-callcenter-node";

export function Palette() {
  const { t } = useTranslation();
  const catalogue = useEditor((state) => state.catalogue);
  const titles = useEditor((state) => state.groups);
  const [wanted, setWanted] = useState("");
  const sought = wanted.trim().toLowerCase();
  const kinds = [...catalogue.values()].filter(
    ({ name, title, about }) =>
      sought === "" || `${name} ${title} ${about}`.toLowerCase().includes(sought),
  );
  const groups = [...new Set([...GROUP_ORDER, ...kinds.map((kind) => kind.group)])];
  return (
    <section className="fd-panel" aria-label={t("flow.palette")}>
      <Stack gap={2} p="xs">
        <TextInput
          size="xs"
          mb={6}
          aria-label={t("flow.paletteSearch")}
          placeholder={t("flow.paletteSearch")}
          leftSection={<IconSearch size={14} />}
          value={wanted}
          onChange={(event) => setWanted(event.currentTarget.value)}
        />
        {groups.map((group) => {
          const members = kinds.filter((kind) => kind.group === group);
          return members.length === 0 ? null : (
            <div key={group}>
              <Text size="xs" c="dimmed" fw={650} mt={6} mb={2} px={8}>
                {titles.get(group) ?? group}
              </Text>
              {members.map(({ name, title, about }) => {
                const { icon: Icon, color } = looksOf(name, group);
                return (
                  <UnstyledButton
                    key={name}
                    className="fd-kind"
                    title={about}
                    draggable
                    data-testid={`kind-${name}`}
                    onDragStart={(event) => event.dataTransfer.setData(DRAGGED_KIND, name)}
                    onClick={() => addAfterSelected(name)}
                  >
                    <Icon size={17} color={color} stroke={1.7} aria-hidden />
                    {title}
                  </UnstyledButton>
                );
              })}
            </div>
          );
        })}
        <UnstyledButton className="fd-kind" mt={6} onClick={() => addNote(t("flow.noteNew"))}>
          <IconNote size={17} aria-hidden />
          {t("flow.note")}
        </UnstyledButton>
      </Stack>
    </section>
  );
}
