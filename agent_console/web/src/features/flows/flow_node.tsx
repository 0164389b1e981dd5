// One node on the canvas: what it is, what it does, its ways out with their handles, and whether
// something is wrong with it. Draws itself anew only when its own data change.

import { IconAlertTriangleFilled, IconPlayerPlayFilled } from "@tabler/icons-react";
import { Handle, type NodeProps, Position, useStore } from "@xyflow/react";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import { useLanguage } from "@/state/choices";
import { dropKey } from "./canvas_things";
import { looksOf } from "./kind_looks";
import { HEAD_HEIGHT, PORT_HEIGHT } from "./model/arrange";
import { type PortSpec, portsOf } from "./model/catalogue";
import { useEditor } from "./model/editor";
import { summary } from "./model/summary";

/** Below this zoom the ports' names could not be read anyway. */
const FAR_ZOOM = 0.45;

export const FlowNodeView = memo(function FlowNodeView({ id }: NodeProps) {
  const language = useLanguage();
  const node = useEditor((state) => state.history.present.nodes[id]);
  const catalogue = useEditor((state) => state.catalogue);
  const line = useEditor((state) => {
    const flow = state.history.present;
    const found = flow.nodes[id];
    return found ? summary(flow, found, language) : "";
  });
  const first = useEditor((state) => state.history.present.start === id);
  const wrong = useEditor((state) => state.byNode.get(id)?.length ?? 0);
  const lit = useEditor((state) => state.lit?.nodes.has(id) ?? false);
  const here = useEditor((state) => state.lit?.at === id);
  const dropped = useEditor((state) => state.counts?.get(dropKey(id)) ?? 0);
  const far = useStore((state) => state.transform[2] < FAR_ZOOM);
  const { t } = useTranslation();
  if (node === undefined) return null;
  const kind = catalogue.get(node.kind);
  const { icon: Icon, color } = looksOf(node.kind, kind?.group ?? "");
  const ports = portsOf(catalogue, node);
  return (
    <div
      className="fd-node"
      style={{ "--fd-group": color } as React.CSSProperties}
      data-testid={`node-${id}`}
      data-wrong={wrong > 0 || undefined}
      data-lit={lit || undefined}
      data-here={here || undefined}
    >
      <Handle
        type="target"
        position={Position.Left}
        style={{ top: HEAD_HEIGHT / 2 }}
        isConnectableStart={false}
      />
      <div className="fd-head">
        <Icon size={20} stroke={1.7} color={color} aria-hidden style={{ flexShrink: 0 }} />
        <div style={{ minWidth: 0, flex: 1 }}>
          <div className="fd-title" style={{ fontWeight: 650 }}>
            {kind?.title ?? node.kind}
            {id !== node.kind && <span style={{ fontWeight: 400 }}> · {id}</span>}
          </div>
          <div className="fd-title" style={{ color: "var(--mantine-color-dimmed)" }}>
            {line || "–"}
          </div>
        </div>
        {dropped > 0 && (
          <span className="fd-dropped cc-figures" title={t("flow.dropped", { count: dropped })}>
            ↯ {dropped}
          </span>
        )}
        {first && (
          <IconPlayerPlayFilled
            size={15}
            role="img"
            aria-label={t("flow.start")}
            color="var(--mantine-color-green-light-color)"
          />
        )}
        {wrong > 0 && (
          <IconAlertTriangleFilled
            size={17}
            role="img"
            aria-label={t("flow.mistakes", { count: wrong })}
            color="var(--mantine-color-red-6)"
          />
        )}
      </div>
      {far ? (
        <div style={{ height: ports.length * PORT_HEIGHT }} />
      ) : (
        ports.map((port) => (
          <PortRow key={port.name} port={port} open={!(port.name in node.ports)} />
        ))
      )}
      {ports.map((port, index) => (
        <Handle
          key={port.name}
          id={port.name}
          type="source"
          position={Position.Right}
          style={{ top: HEAD_HEIGHT + index * PORT_HEIGHT + PORT_HEIGHT / 2 }}
        />
      ))}
    </div>
  );
});

function PortRow({ port, open }: { port: PortSpec; open: boolean }) {
  return (
    <div className="fd-port" data-open={(open && !port.optional) || undefined}>
      <span className="fd-title">
        {port.title}
        {/^[0-9*#]$/.test(port.name) && port.about !== "" && `: ${port.about}`}
      </span>
    </div>
  );
}

export const NoteView = memo(function NoteView({ id }: NodeProps) {
  const text = useEditor((state) => state.history.present.notes[id]?.text ?? "");
  const { t } = useTranslation();
  return (
    <div className="fd-note" data-testid={`note-${id}`}>
      {text || t("flow.noteEmpty")}
    </div>
  );
});
