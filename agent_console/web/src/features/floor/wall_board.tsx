// The board on which tiles are moved and drawn larger: by pointer, or by the arrow keys.
import { Text } from "@mantine/core";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { COLUMNS, ROWS } from "@/state/wall_grid";
import type { WallTile } from "@/wire/floor";
import "@/components/floor/wall.css";

const STEPS: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

export function Board({
  tiles,
  chosen,
  onChoose,
  onPut,
}: {
  tiles: WallTile[];
  chosen: string | null;
  onChoose: (id: string) => void;
  onPut: (id: string, part: Partial<WallTile>) => void;
}) {
  const { t } = useTranslation();
  const board = useRef<HTMLDivElement>(null);
  const held = useRef<{ id: string; size: boolean; x: number; y: number; from: WallTile } | null>(
    null,
  );
  const move = (event: React.PointerEvent) => {
    const grip = held.current;
    const box = board.current?.getBoundingClientRect();
    if (grip === null || box === undefined) return;
    const dx = Math.round(((event.clientX - grip.x) / box.width) * COLUMNS);
    const dy = Math.round(((event.clientY - grip.y) / box.height) * ROWS);
    onPut(
      grip.id,
      grip.size
        ? { w: grip.from.w + dx, h: grip.from.h + dy }
        : { x: grip.from.x + dx, y: grip.from.y + dy },
    );
  };
  const hold = (event: React.PointerEvent, tile: WallTile, size: boolean) => {
    event.preventDefault();
    event.stopPropagation();
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    held.current = { id: tile.id, size, x: event.clientX, y: event.clientY, from: tile };
    onChoose(tile.id);
  };
  const drop = () => {
    held.current = null;
  };
  return (
    <div ref={board} className="cc-wall-board" data-editing>
      {tiles.map((tile) => (
        <button
          key={tile.id}
          type="button"
          className="cc-wall-edit"
          data-chosen={tile.id === chosen || undefined}
          style={{
            gridColumn: `${tile.x + 1} / span ${tile.w}`,
            gridRow: `${tile.y + 1} / span ${tile.h}`,
          }}
          onPointerDown={(event) => hold(event, tile, false)}
          onPointerMove={move}
          onPointerUp={drop}
          onFocus={() => onChoose(tile.id)}
          onKeyDown={(event) => {
            const step = STEPS[event.key];
            if (step === undefined) return;
            event.preventDefault();
            onPut(
              tile.id,
              event.shiftKey
                ? { w: tile.w + step[0], h: tile.h + step[1] }
                : { x: tile.x + step[0], y: tile.y + step[1] },
            );
          }}
        >
          <Text size="sm" fw={600} truncate>
            {tile.title ||
              (tile.kind === "figure" && tile.metric
                ? t(`metric.${tile.metric as "waiting"}`)
                : t(`wallTile.${tile.kind}`))}
          </Text>
          <span
            className="cc-wall-corner"
            onPointerDown={(event) => hold(event, tile, true)}
            onPointerMove={move}
            onPointerUp={drop}
          />
        </button>
      ))}
    </div>
  );
}
