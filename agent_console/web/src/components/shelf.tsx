// Calls an agent may take himself: parked, ringing at a colleague, or waiting where the queue allows to
// choose. Asked for every few seconds while it is open, and not at all otherwise.
import { Badge, Button, Group, Stack, Text } from "@mantine/core";
import { IconMoodSmile } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Elapsed } from "@/components/elapsed";
import { Empty, Failure, Rows } from "@/components/feedback";
import { useCallerName } from "@/components/person";
import { useCommand } from "@/components/use_command";
import { useAgentName } from "@/state/choices";
import { useLinked } from "@/state/console";
import { pickUp } from "@/state/shift";
import { type OnShelf, readShelf } from "@/wire/in_call";

const EVERY_MS = 2_000;
const COLORS = { parked: "grape", ringing: "yellow", waiting: "gray" } as const;

export function Shelf({ taken }: { taken: () => void }) {
  const { t } = useTranslation();
  const query = useQuery({ queryKey: ["shelf"], queryFn: readShelf, refetchInterval: EVERY_MS });
  if (query.isError) return <Failure error={query.error} retry={() => void query.refetch()} />;
  if (query.data === undefined) return <Rows count={2} />;
  if (query.data.items.length === 0) {
    return <Empty icon={IconMoodSmile} title={t("shelf.empty")} hint={t("shelf.emptyHint")} />;
  }
  return (
    <Stack gap="xs" mah={420} style={{ overflowY: "auto" }} tabIndex={0} role="list">
      {query.data.items.map((item) => (
        <Item key={item.call} item={item} taken={taken} />
      ))}
      {query.data.more > 0 && (
        <Text size="sm" c="dimmed">
          {t("shelf.more", { count: query.data.more })}
        </Text>
      )}
    </Stack>
  );
}

function Item({ item, taken }: { item: OnShelf; taken: () => void }) {
  const { t } = useTranslation();
  const callerName = useCallerName();
  const agentName = useAgentName();
  const linked = useLinked();
  const { run, pending } = useCommand();
  return (
    <Group
      justify="space-between"
      wrap="nowrap"
      role="listitem"
      data-testid={`shelf-${item.kind}`}
      data-call={item.call}
    >
      <div style={{ minWidth: 0 }}>
        <Group gap={6}>
          <Badge size="sm" color={COLORS[item.kind]} className="cc-badge">
            {item.kind === "parked" && item.place !== null
              ? t("parked.place", { place: item.place })
              : t(`shelf.${item.kind}`)}
          </Badge>
          <Text size="sm" c="dimmed" className="cc-figures">
            <Elapsed since={item.since} />
          </Text>
        </Group>
        <Text fw={600} lineClamp={1} style={{ overflowWrap: "anywhere" }}>
          {callerName(item.name, item.number)}
        </Text>
        <Text size="xs" c="dimmed" lineClamp={1}>
          {item.queue_name}
          {item.agent !== "" && ` · ${agentName(item.agent)}`}
        </Text>
      </div>
      <Button
        size="xs"
        disabled={!linked}
        loading={pending}
        onClick={() => void run(() => pickUp(item.call)).then((done) => done && taken())}
      >
        {t("shelf.take")}
      </Button>
    </Group>
  );
}
