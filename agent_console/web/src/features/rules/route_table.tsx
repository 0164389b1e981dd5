// The table of routes: changed as a whole, checked while it is changed, saved by one button.
import {
  ActionIcon,
  Alert,
  Badge,
  Button,
  Card,
  Group,
  ScrollArea,
  Stack,
  Switch,
  Table,
  Text,
  Tooltip,
} from "@mantine/core";
import {
  IconAlertTriangle,
  IconArrowDown,
  IconArrowUp,
  IconPencil,
  IconPlus,
  IconRoute,
  IconTrash,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Conflict } from "@/components/conflict";
import { Empty, Failure, Rows } from "@/components/feedback";
import { useLanguage } from "@/state/choices";
import type { RouteItem, RouteMistake } from "@/wire/rules";
import { calendarsQuery, listsQuery, targetsQuery } from "./queries";
import { RouteForm } from "./route_form";
import { RouteTester } from "./route_tester";
import { conditionsOf, type Names } from "./route_words";
import { useRouteTable } from "./use_route_table";

export function RouteTable() {
  const { t } = useTranslation();
  const table = useRouteTable();
  const targets = useQuery(targetsQuery);
  const calendars = useQuery(calendarsQuery);
  const lists = useQuery(listsQuery);
  const [editing, setEditing] = useState<number | "new" | null>(null);
  const failed = [table.query, targets, calendars, lists].find((query) => query.isError);
  if (failed) return <Failure error={failed.error} retry={() => void failed.refetch()} />;
  if (!table.items || !targets.data || !calendars.data || !lists.data) return <Rows count={4} />;
  const items = table.items;
  const names: Names = {
    calendars: Object.fromEntries(calendars.data.map(({ id, name }) => [id, name])),
    lists: Object.fromEntries(lists.data.map(({ id, name }) => [id, name])),
  };
  const flows = Object.fromEntries(targets.data.map(({ value, label }) => [value, label]));
  const whole = table.mistakes.filter((mistake) => mistake.route === "");
  const keep = (route: RouteItem) => {
    const next = editing === "new" ? withNew(items, route) : items.with(editing as number, route);
    table.change(next);
    setEditing(null);
  };
  return (
    <Stack>
      {table.conflict && <Conflict onTheirs={table.takeTheirs} onMine={table.keepMine} />}
      {table.error !== null && <Failure error={table.error} />}
      {whole.map((mistake) => (
        <Alert key={mistake.code} color="yellow" icon={<IconAlertTriangle />}>
          <MistakeWords mistake={mistake} />
        </Alert>
      ))}
      <Card withBorder>
        <Group justify="space-between" mb="sm">
          <Text size="sm" c="dimmed">
            {t("rules.orderHint")}
          </Text>
          <Button leftSection={<IconPlus size={16} />} onClick={() => setEditing("new")}>
            {t("rules.newRoute")}
          </Button>
        </Group>
        {items.length === 0 ? (
          <Empty icon={IconRoute} title={t("rules.noRoutes")} hint={t("rules.noRoutesHint")} />
        ) : (
          <ScrollArea>
            <Table verticalSpacing="sm" miw={720}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th w={40} />
                  <Table.Th>{t("rules.when")}</Table.Th>
                  <Table.Th>{t("rules.flow")}</Table.Th>
                  <Table.Th w={90}>{t("rules.on")}</Table.Th>
                  <Table.Th w={170} />
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {items.map((route, place) => (
                  <RouteRow
                    key={route.id}
                    route={route}
                    place={place}
                    last={place === items.length - 1}
                    names={names}
                    flow={flows[route.flow] ?? route.flow}
                    mistakes={table.mistakes.filter((one) => one.route === route.id)}
                    onEdit={() => setEditing(place)}
                    onChange={(changed) => table.change(items.with(place, changed))}
                    onMove={(by) => table.change(moved(items, place, by))}
                    onRemove={() => table.change(items.filter((_, at) => at !== place))}
                  />
                ))}
              </Table.Tbody>
            </Table>
          </ScrollArea>
        )}
        <Group justify="flex-end" mt="md">
          {table.changed && (
            <>
              <Text size="sm" c="dimmed">
                {t("rules.notSaved")}
              </Text>
              <Button variant="default" onClick={table.discard}>
                {t("rules.discard")}
              </Button>
            </>
          )}
          <Button
            disabled={!table.changed || table.mistakes.some((one) => !one.warning)}
            loading={table.saving}
            onClick={() => void table.save()}
          >
            {t("action.save")}
          </Button>
        </Group>
      </Card>
      <RouteTester items={items} flows={flows} />
      {editing !== null && (
        <RouteForm
          route={editing === "new" ? null : (items[editing] ?? null)}
          taken={items.filter((_, at) => at !== editing).map(({ id }) => id)}
          targets={targets.data}
          calendars={calendars.data}
          lists={lists.data}
          onKeep={keep}
          onClose={() => setEditing(null)}
        />
      )}
    </Stack>
  );
}

/** A new route goes before the one that takes the rest, where it would never be reached. */
function withNew(items: RouteItem[], route: RouteItem): RouteItem[] {
  const rest = items.findLastIndex(
    (one) => one.did === "*" && one.lists.length + one.regions.length + one.callers.length === 0,
  );
  const place = rest >= 0 && rest === items.length - 1 ? rest : items.length;
  return items.toSpliced(place, 0, route);
}

function moved(items: RouteItem[], place: number, by: number): RouteItem[] {
  const route = items[place];
  if (!route) return items;
  return items.toSpliced(place, 1).toSpliced(place + by, 0, route);
}

interface RowProps {
  route: RouteItem;
  place: number;
  last: boolean;
  names: Names;
  flow: string;
  mistakes: RouteMistake[];
  onEdit: () => void;
  onChange: (route: RouteItem) => void;
  onMove: (by: number) => void;
  onRemove: () => void;
}

function RouteRow({ route, place, last, names, flow, mistakes, ...props }: RowProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const words = conditionsOf(route, names, language, t);
  const called = route.note || route.id;
  return (
    <Table.Tr opacity={route.enabled ? 1 : 0.55} data-testid={`route-${route.id}`}>
      <Table.Td c="dimmed" className="cc-figures">
        {place + 1}
      </Table.Td>
      <Table.Td>
        <Group gap={6}>
          {words.map((word) => (
            <Badge key={word} variant="light" className="cc-badge" maw={360}>
              {word}
            </Badge>
          ))}
        </Group>
        <Text size="xs" c="dimmed">
          {route.note === "" ? route.id : `${route.note} (${route.id})`}
        </Text>
        {mistakes.map((mistake) => (
          <Text
            key={`${mistake.code}-${mistake.field}-${mistake.message}`}
            size="xs"
            c={mistake.warning ? "orange.9" : "red"}
            role="status"
          >
            <MistakeWords mistake={mistake} />
          </Text>
        ))}
      </Table.Td>
      <Table.Td>{flow}</Table.Td>
      <Table.Td>
        <Switch
          checked={route.enabled}
          onChange={({ currentTarget }) =>
            props.onChange({ ...route, enabled: currentTarget.checked })
          }
          aria-label={t("rules.onNamed", { name: called })}
        />
      </Table.Td>
      <Table.Td>
        <Group gap={4} justify="flex-end" wrap="nowrap">
          <Act
            icon={IconArrowUp}
            label={t("rules.up", { name: called })}
            off={place === 0}
            run={() => props.onMove(-1)}
          />
          <Act
            icon={IconArrowDown}
            label={t("rules.down", { name: called })}
            off={last}
            run={() => props.onMove(1)}
          />
          <Act icon={IconPencil} label={t("rules.edit", { name: called })} run={props.onEdit} />
          <Act icon={IconTrash} label={t("rules.remove", { name: called })} run={props.onRemove} />
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}

function Act({
  icon: Icon,
  label,
  off = false,
  run,
}: {
  icon: typeof IconTrash;
  label: string;
  off?: boolean;
  run: () => void;
}) {
  return (
    <Tooltip label={label}>
      <ActionIcon variant="subtle" color="gray" aria-label={label} disabled={off} onClick={run}>
        <Icon size={16} />
      </ActionIcon>
    </Tooltip>
  );
}

/** A mistake in the user's language; one without words of its own as the service says it. */
export function MistakeWords({ mistake }: { mistake: RouteMistake }) {
  const { t, i18n } = useTranslation();
  const key = `routeMistake.${mistake.code}`;
  if (!i18n.exists(key)) return `${mistake.message}; ${mistake.cure}`;
  return t(key as "routeMistake.shadowed", { other: mistake.other });
}
