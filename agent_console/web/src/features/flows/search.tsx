// Ctrl+F: nodes by id, kind, words and numbers; Enter shows the next one.
import { CloseButton, Group, Text, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { show, useEditor, useFlow } from "./model/editor";
import { writeNode } from "./model/flow";

export function Search({ onClose }: { onClose(): void }) {
  const { t } = useTranslation();
  const flow = useFlow();
  const catalogue = useEditor((state) => state.catalogue);
  const [typed, setTyped] = useState("");
  const [place, setPlace] = useState(-1);
  const found = useMemo(() => {
    const sought = typed.trim().toLowerCase();
    if (sought === "") return [];
    return Object.entries(flow.nodes)
      .filter(([id, node]) => {
        const said = JSON.stringify(writeNode(node));
        const words = Object.entries(flow.prompts)
          .filter(([prompt]) => said.includes(`"${prompt}"`))
          .map(([, texts]) => Object.values(texts).join(" "));
        const all = [id, catalogue.get(node.kind)?.title, said, ...words].join(" ");
        return all.toLowerCase().includes(sought);
      })
      .map(([id]) => id);
  }, [typed, flow, catalogue]);
  const go = (step: number) => {
    if (found.length === 0) return;
    const next = (place + step + found.length) % found.length;
    setPlace(next);
    show(found[next] as string);
  };
  return (
    <Group gap={6} wrap="nowrap">
      <TextInput
        size="xs"
        w={220}
        autoFocus
        aria-label={t("flow.search")}
        placeholder={t("flow.search")}
        leftSection={<IconSearch size={14} />}
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          setPlace(-1);
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter") go(event.shiftKey ? -1 : 1);
          if (event.key === "Escape") onClose();
        }}
      />
      <Text size="xs" c="dimmed" role="status" className="cc-figures">
        {typed === "" ? "" : `${Math.max(place + 1, 0)} / ${found.length}`}
      </Text>
      <CloseButton size="sm" aria-label={t("action.close")} onClick={onClose} />
    </Group>
  );
}
