// The callers who wait in one queue, in the order of their turns. Twenty may come in a second: a caller's row is
// drawn anew when something about that caller changes, and his place alone when somebody before him leaves.
import { Badge, Group, ScrollArea, Table, Text } from "@mantine/core";
import { IconMoodSmile, IconStarFilled } from "@tabler/icons-react";
import { memo, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Elapsed } from "@/components/elapsed";
import { Empty } from "@/components/feedback";
import { TakeCaller } from "@/components/floor/take_caller";
import { STAGE_COLORS } from "@/components/looks";
import { PhoneText } from "@/components/person";
import { useConsole } from "@/state/console";
import { type Live, someWaitIn, waitingIn } from "@/state/live";
import { steady } from "@/state/steady";
import type { CallRow } from "@/wire/messages";
import { MoveCaller } from "./move_caller";
import { Priority } from "./priority";
import { WhyWaits } from "./why";

export const WaitingCallers = memo(function WaitingCallers({ queue }: { queue: string }) {
  const { t } = useTranslation();
  const some = useConsole(({ live }) => someWaitIn(live.calls, queue));
  if (!some) return <Empty icon={IconMoodSmile} color="green" title={t("queue.noneWait")} />;
  return (
    <ScrollArea>
      <Table verticalSpacing="xs" miw={480}>
        <Head />
        <Table.Tbody>
          <Callers queue={queue} />
        </Table.Tbody>
      </Table>
    </ScrollArea>
  );
});

const Head = memo(function Head() {
  const { t } = useTranslation();
  return (
    <Table.Thead>
      <Table.Tr>
        <Table.Th>{t("queue.position")}</Table.Th>
        <Table.Th>{t("figure.wait")}</Table.Th>
        <Table.Th>{t("calls.caller")}</Table.Th>
        <Table.Th>{t("calls.number")}</Table.Th>
        <Table.Th>{t("queue.stage")}</Table.Th>
        <Table.Th>{t("queue.priority")}</Table.Th>
        <Table.Th />
      </Table.Tr>
    </Table.Thead>
  );
});

function Callers({ queue }: { queue: string }) {
  const waiting = useMemo(
    () => steady<Live["calls"], CallRow[]>((calls) => waitingIn(calls, queue)),
    [queue],
  );
  const rows = useConsole((state) => waiting(state.live.calls));
  const limit = useConsole(({ live }) => live.queues[queue]?.service_level_seconds ?? null);
  const places = useMemo(() => placesOf(waiting), [waiting]);
  return rows.map((row) => <Caller key={row.call} row={row} limit={limit} places={places} />);
}

type Places = (calls: Live["calls"]) => ReadonlyMap<string, number>;

/** Place in the line, from 1, by call. */
const placesOf = (waiting: (calls: Live["calls"]) => CallRow[]): Places => {
  const numbered = steady((rows: CallRow[]) => new Map(rows.map(({ call }, n) => [call, n + 1])));
  return (calls) => numbered(waiting(calls));
};

const Caller = memo(function Caller({
  row,
  limit,
  places,
}: {
  row: CallRow;
  limit: number | null;
  places: Places;
}) {
  const { t } = useTranslation();
  return (
    <Table.Tr>
      <Table.Td className="cc-figures">
        <Place call={row.call} places={places} />
      </Table.Td>
      <Table.Td>
        <Elapsed since={row.joined_at ?? row.since} limit={limit} />
      </Table.Td>
      <Table.Td>
        <Name row={row} />
      </Table.Td>
      <Table.Td>
        <PhoneText number={row.number} />
      </Table.Td>
      <Table.Td>
        <Badge variant="light" color={STAGE_COLORS[row.stage]} className="cc-badge">
          {t(`stage.${row.stage}`)}
        </Badge>
      </Table.Td>
      <Table.Td>
        <Priority row={row} />
      </Table.Td>
      <Table.Td>
        <Group gap={2} wrap="nowrap">
          <TakeCaller row={row} />
          <MoveCaller row={row} />
          <WhyWaits call={row.call} />
        </Group>
      </Table.Td>
    </Table.Tr>
  );
});

/** Asks for itself: were it told by the row, the row would be drawn anew whenever somebody before it leaves. */
function Place({ call, places }: { call: string; places: Places }) {
  return useConsole(({ live }) => places(live.calls).get(call));
}

function Name({ row }: { row: CallRow }) {
  const { t } = useTranslation();
  const [card] = row.cards;
  if (row.cards.length > 1) return <>{t("incoming.several", { count: row.cards.length })}</>;
  if (card === undefined) return <>{row.name || t("incoming.newCaller")}</>;
  return (
    <Group gap={6} wrap="nowrap">
      {card.vip && (
        <IconStarFilled
          size={14}
          color="var(--mantine-color-yellow-6)"
          aria-label={t("customer.vipShort")}
        />
      )}
      <Text size="sm" truncate>
        {card.name}
      </Text>
    </Group>
  );
}
