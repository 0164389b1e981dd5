// The drawing: nodes to move and connect by mouse, or by Tab, Enter and the arrow keys. It shows what
// the editor holds and hands every change to it.
import "@xyflow/react/dist/style.css";
import { useComputedColorScheme } from "@mantine/core";
import {
  applyNodeChanges,
  Background,
  type Connection,
  Controls,
  type EdgeChange,
  MiniMap,
  type NodeChange,
  ReactFlow,
  useReactFlow,
} from "@xyflow/react";
import { type DragEvent, useCallback, useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Thing, thingsOf, waysOf } from "./canvas_things";
import { FlowNodeView, NoteView } from "./flow_node";
import { looksOf } from "./kind_looks";
import { NODE_WIDTH } from "./model/arrange";
import { add, edit, flowNow, select, useEditor, useFlow } from "./model/editor";
import { connect, moveThings, type Place } from "./model/flow";
import { DRAGGED_KIND } from "./palette";
import { RemovalOffer } from "./removal_offer";

const VIEWS = { step: FlowNodeView, note: NoteView };
const MANY_NODES = 60;
const FIT = { padding: 0.15, maxZoom: 1 };
const READABLE_ZOOM = 0.7;
/** What stands beside and around the canvas, in its pixels. */
const WIDE_AROUND = 1300;
const HIGH_AROUND = 600;
const FAR = { minZoom: 0.05, maxZoom: 2 };
const EMPTY: ReadonlySet<string> = new Set();

export function Canvas() {
  const { t, i18n } = useTranslation();
  const flow = useFlow();
  const { catalogue, selected, lit, counts } = useEditor();
  const scheme = useComputedColorScheme();
  const [things, setThings] = useState<Thing[]>([]);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(EMPTY);
  const [view] = useState(firstView);
  const screen = useReactFlow<Thing>();

  useEffect(() => {
    const words = (id: string) => {
      const kind = flow.nodes[id]?.kind ?? "";
      return `${catalogue.get(kind)?.title ?? kind} ${id}`;
    };
    setThings((before) => thingsOf(catalogue, flow, selected, before, words));
  }, [catalogue, flow, selected]);
  const ways = useMemo(() => waysOf(flow, chosen, lit, counts), [flow, chosen, lit, counts]);

  const onNodesChange = useCallback((changes: NodeChange<Thing>[]) => {
    const kept = changes.filter(({ type }) => type !== "select" && type !== "remove");
    if (kept.length > 0) setThings((now) => applyNodeChanges(kept, now));
    const places = new Map<string, Place>();
    const picked = new Set(useEditor.getState().selected);
    for (const one of changes) {
      if (one.type === "position" && one.dragging === false && one.position) {
        places.set(one.id, [Math.round(one.position.x), Math.round(one.position.y)]);
      }
      if (one.type === "select") one.selected ? picked.add(one.id) : picked.delete(one.id);
    }
    if (places.size > 0) edit("move", (now) => moveThings(now, places));
    select(picked);
  }, []);
  const onEdgesChange = useCallback((changes: EdgeChange[]) => {
    setChosen((before) => {
      const now = new Set(before);
      for (const one of changes) {
        if (one.type === "select") one.selected ? now.add(one.id) : now.delete(one.id);
      }
      return now;
    });
  }, []);
  const onConnect = useCallback(({ source, sourceHandle, target }: Connection) => {
    edit("", (now) => connect(now, source, sourceHandle ?? "next", target));
  }, []);
  const drop = (event: DragEvent) => {
    const kind = event.dataTransfer.getData(DRAGGED_KIND);
    if (kind === "") return;
    event.preventDefault();
    const { x, y } = screen.screenToFlowPosition({ x: event.clientX, y: event.clientY });
    add(kind, [Math.round(x - NODE_WIDTH / 2), Math.round(y - 20)]);
  };
  useShowWanted();
  useFollowCall();
  useCutWays(chosen);
  const many = Object.keys(flow.nodes).length > MANY_NODES;
  return (
    <section className="fd-canvas" aria-label={t("flow.canvas")} data-testid="canvas">
      <ReactFlow<Thing>
        nodes={things}
        edges={ways}
        nodeTypes={VIEWS}
        onNodesChange={onNodesChange}
        onEdgesChange={onEdgesChange}
        onConnect={onConnect}
        onDrop={drop}
        onDragOver={(event) => {
          if (event.dataTransfer.types.includes(DRAGGED_KIND)) event.preventDefault();
        }}
        colorMode={scheme}
        {...FAR}
        {...view}
        onlyRenderVisibleElements={many}
        deleteKeyCode={null}
        selectionKeyCode="Shift"
        multiSelectionKeyCode={["Meta", "Control"]}
        ariaLabelConfig={{
          "node.a11yDescription.default": t("flow.nodeKeys"),
          "node.a11yDescription.keyboardDisabled": t("flow.nodeKeys"),
          "edge.a11yDescription.default": t("flow.wayKeys"),
          "controls.ariaLabel": t("flow.controls"),
          "controls.zoomIn.ariaLabel": t("flow.zoomIn"),
          "controls.zoomOut.ariaLabel": t("flow.zoomOut"),
          "controls.fitView.ariaLabel": t("flow.zoomFit"),
          "minimap.ariaLabel": t("flow.minimap"),
          "handle.ariaLabel": t("flow.handle"),
        }}
        key={i18n.language}
      >
        <Background gap={24} />
        <Controls showInteractive={false} fitViewOptions={FIT} />
        <MiniMap
          pannable
          zoomable
          nodeColor={({ id }) => {
            const kind = flow.nodes[id]?.kind ?? "";
            return looksOf(kind, catalogue.get(kind)?.group ?? "").color;
          }}
        />
      </ReactFlow>
      <RemovalOffer />
    </section>
  );
}

/** All of a small flow; of a large one the start, large enough to read. */
function firstView() {
  const flow = flowNow();
  const places = Object.values(flow.layout);
  const [x, y] = flow.layout[flow.start] ?? places[0] ?? [0, 0];
  const width = Math.max(...places.map((place) => place[0])) - Math.min(...places.map((p) => p[0]));
  const height = Math.max(...places.map((p) => p[1])) - Math.min(...places.map((p) => p[1]));
  const fits = Math.min(innerWidth / (width + WIDE_AROUND), innerHeight / (height + HIGH_AROUND));
  const whole = places.length === 0 || fits > READABLE_ZOOM;
  const zoom = READABLE_ZOOM;
  return whole
    ? { fitView: true, fitViewOptions: FIT }
    : { defaultViewport: { x: 40 - x * zoom, y: innerHeight / 3 - y * zoom, zoom } };
}

function useShowWanted(): void {
  const wanted = useEditor((state) => state.wanted);
  const screen = useReactFlow();
  useEffect(() => {
    if (wanted === null) return;
    const flow = flowNow();
    const at = flow.layout[wanted.id] ?? flow.notes[wanted.id]?.at;
    if (at === undefined) return;
    const zoom = Math.max(screen.getZoom(), 0.7);
    void screen.setCenter(at[0] + NODE_WIDTH / 2, at[1] + 60, { zoom, duration: 200 });
  }, [wanted, screen]);
}

/** The simulated call is kept in sight. */
function useFollowCall(): void {
  const at = useEditor((state) => state.lit?.at ?? "");
  const screen = useReactFlow();
  useEffect(() => {
    const place = flowNow().layout[at];
    if (place === undefined) return;
    const zoom = Math.max(screen.getZoom(), 0.5);
    void screen.setCenter(place[0] + NODE_WIDTH / 2, place[1] + 60, { zoom, duration: 200 });
  }, [at, screen]);
}

/** Delete takes away ways that are chosen; nodes are the page's business. */
function useCutWays(chosen: ReadonlySet<string>): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key !== "Delete" && event.key !== "Backspace") return;
      if (event.target instanceof Element && event.target.closest("input, textarea, [role=dialog]"))
        return;
      if (chosen.size === 0 || useEditor.getState().selected.size > 0) return;
      edit("", (flow) =>
        [...chosen].reduce((now, way) => {
          const cut = way.indexOf("/");
          return connect(now, way.slice(0, cut), way.slice(cut + 1), null);
        }, flow),
      );
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [chosen]);
}
