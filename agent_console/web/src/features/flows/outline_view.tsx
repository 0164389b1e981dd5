// The same flow as a list to read and change without a mouse or a picture: every node once, with the
// ways out below it. Arrow keys go from row to row; a row that has the focus is the selected one.
import { Badge, Group, Text, UnstyledButton } from "@mantine/core";
import { IconAlertTriangleFilled } from "@tabler/icons-react";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, useEffect, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useLanguage } from "@/state/choices";
import { looksOf } from "./kind_looks";
import { removeSelected, select, useEditor, useFlow } from "./model/editor";
import { type OutlineRow, outline } from "./model/outline";
import { summary } from "./model/summary";

const ROW_HEIGHT = 64;
const INDENT = 18;
const LEVELS_SHOWN = 8;

export function OutlineView() {
  const { t } = useTranslation();
  const flow = useFlow();
  const catalogue = useEditor((state) => state.catalogue);
  const wanted = useEditor((state) => state.wanted);
  const rows = useMemo(() => outline(catalogue, flow), [catalogue, flow]);
  const box = useRef<HTMLDivElement>(null);
  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 8,
    getItemKey: (index) => rows[index]?.id ?? index,
  });
  const focus = (index: number) => {
    const row = rows[index];
    if (row === undefined) return;
    list.scrollToIndex(index, { align: "auto" });
    requestAnimationFrame(() => {
      box.current?.querySelector<HTMLElement>(`[data-row="${row.id}"]`)?.focus();
    });
  };
  useEffect(() => {
    const index = rows.findIndex((row) => row.id === wanted?.id);
    if (index >= 0) list.scrollToIndex(index, { align: "center" });
  }, [wanted, rows, list]);
  const press = (event: KeyboardEvent, index: number) => {
    const to = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: rows.length - 1 };
    const next = to[event.key as keyof typeof to];
    if (next !== undefined) focus(next);
    else if (event.key === "Delete") removeSelected();
    else return;
    event.preventDefault();
  };
  return (
    <section className="fd-panel" ref={box} aria-label={t("flow.outline")} data-testid="outline">
      <Text size="xs" c="dimmed" p="xs">
        {t("flow.outlineHint")}
      </Text>
      <ol className="fd-outline" style={{ height: list.getTotalSize(), position: "relative" }}>
        {list.getVirtualItems().map(({ index, start, key }) => {
          const row = rows[index] as OutlineRow;
          return (
            <li
              key={key}
              data-index={index}
              ref={list.measureElement}
              aria-setsize={rows.length}
              aria-posinset={index + 1}
              style={{ position: "absolute", top: 0, width: "100%", translate: `0 ${start}px` }}
            >
              <Row row={row} onKeyDown={(event) => press(event, index)} />
            </li>
          );
        })}
      </ol>
    </section>
  );
}

function Row({ row, onKeyDown }: { row: OutlineRow; onKeyDown(event: KeyboardEvent): void }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const flow = useFlow();
  const node = flow.nodes[row.id];
  const kind = useEditor((state) => state.catalogue.get(node?.kind ?? ""));
  const selected = useEditor((state) => state.selected.has(row.id));
  const wrong = useEditor((state) => state.byNode.get(row.id)?.length ?? 0);
  if (node === undefined) return null;
  const { icon: Icon, color } = looksOf(node.kind, kind?.group ?? "");
  return (
    <UnstyledButton
      w="100%"
      className="fd-row"
      data-row={row.id}
      data-selected={selected || undefined}
      aria-pressed={selected}
      style={{ paddingInlineStart: 10 + Math.min(row.level, LEVELS_SHOWN) * INDENT }}
      onFocus={() => select([row.id])}
      onClick={() => select([row.id])}
      onKeyDown={onKeyDown}
    >
      <Group gap={8} wrap="nowrap">
        <Icon size={17} color={color} aria-hidden style={{ flexShrink: 0 }} />
        <Text size="sm" truncate>
          {row.by !== null && (
            <Text span c="dimmed" inherit>
              {row.byTitle} →{" "}
            </Text>
          )}
          <b>{kind?.title ?? node.kind}</b> {row.id} · {summary(flow, node, language) || "–"}
        </Text>
        {!row.reached && (
          <Badge size="xs" color="yellow" className="cc-badge">
            {t("flow.unreached")}
          </Badge>
        )}
        {wrong > 0 && (
          <IconAlertTriangleFilled
            size={16}
            role="img"
            aria-label={t("flow.mistakes", { count: wrong })}
            color="var(--mantine-color-red-6)"
          />
        )}
      </Group>
      <Text size="xs" c="dimmed" pl={25}>
        {row.ways
          .map((way) => `${way.port.title}: ${way.target ?? t("flow.wayNowhere")}`)
          .join(" · ")}
      </Text>
    </UnstyledButton>
  );
}
