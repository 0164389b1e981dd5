// B4: the alerts that stand, what there was, and the rules that make them.
import {
  ActionIcon,
  Badge,
  Button,
  Card,
  Group,
  Modal,
  ScrollArea,
  Stack,
  Table,
  Text,
  Title,
} from "@mantine/core";
import { IconBellOff, IconPlus, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Empty, Failure, Rows } from "@/components/feedback";
import { GiveAlert } from "@/components/floor/give_alert";
import { useRuleText } from "@/components/floor/words";
import { useRemoval } from "@/components/removal";
import { useSaving } from "@/components/saving";
import { useLanguage } from "@/state/choices";
import { useServerSecond } from "@/state/clock";
import { moment } from "@/state/format";
import {
  type AlertEvent,
  type AlertRule,
  acknowledge,
  changeRule,
  listAlerts,
  listRules,
  makeRule,
  removeRule,
} from "@/wire/floor";
import { RuleForm } from "./rule_form";

export function Alerts() {
  return (
    <Stack>
      <History />
      <Rules />
    </Stack>
  );
}

function History() {
  const { t } = useTranslation();
  const query = useQuery({
    queryKey: ["news", "alerts", "all"],
    queryFn: () => listAlerts(false),
  });
  if (query.isError) return <Failure error={query.error} retry={() => void query.refetch()} />;
  if (!query.data) return <Rows count={3} />;
  return (
    <Card withBorder>
      <Title order={3} size="h5" mb="sm">
        {t("alert.history")}
      </Title>
      {query.data.length === 0 ? (
        <Empty
          icon={IconBellOff}
          color="green"
          title={t("alert.none")}
          hint={t("alert.noneHint")}
        />
      ) : (
        <ScrollArea.Autosize mah={420}>
          <Table verticalSpacing="xs" miw={640}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("alert.what")}</Table.Th>
                <Table.Th>{t("alert.raised")}</Table.Th>
                <Table.Th>{t("alert.ended")}</Table.Th>
                <Table.Th>{t("alert.seenBy")}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {query.data.map((event) => (
                <Event key={event.id} event={event} />
              ))}
            </Table.Tbody>
          </Table>
        </ScrollArea.Autosize>
      )}
    </Card>
  );
}

function Event({ event }: { event: AlertEvent }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const now = useServerSecond();
  const text = useRuleText();
  const { save, saving } = useSaving(["news", "alerts"]);
  const looked = event.given === null ? event.acknowledged : event.taken;
  const goesOn = event.ended === null || looked === null;
  const at = (when: string) => moment(Date.parse(when) / 1000, now, language);
  return (
    <Table.Tr>
      <Table.Td>
        <Text fw={600}>{event.name}</Text>
        <Text size="xs" c="dimmed">
          {text(event)}
          {event.found !== null && ` · ${t("alert.found", { value: Math.round(event.found) })}`}
        </Text>
      </Table.Td>
      <Table.Td className="cc-figures">{at(event.raised)}</Table.Td>
      <Table.Td className="cc-figures">
        {event.ended === null ? (
          <Badge color="red" className="cc-badge">
            {t("alert.stands")}
          </Badge>
        ) : (
          at(event.ended)
        )}
      </Table.Td>
      <Table.Td>
        <Group gap="xs" justify="space-between" wrap="nowrap">
          {event.acknowledged === null ? (
            <Button
              size="compact-sm"
              variant="light"
              loading={saving}
              onClick={() => void save(() => acknowledge(event.id))}
            >
              {t("alert.acknowledge")}
            </Button>
          ) : (
            <div>
              {event.given === null
                ? `${event.acknowledged_name} · ${at(event.acknowledged)}`
                : `${event.given_name} · ${at(event.taken ?? event.given)}`}
              {event.given !== null && (
                <Text size="xs" c="dimmed">
                  {t("alert.givenBy", { name: event.given_by_name })}
                  {event.taken === null && ` · ${t("alert.notTaken")}`}
                </Text>
              )}
            </div>
          )}
          {goesOn && <GiveAlert alert={event} />}
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}

function Rules() {
  const { t } = useTranslation();
  const query = useQuery({ queryKey: ["news", "alerts", "rules"], queryFn: listRules });
  const [editing, setEditing] = useState<AlertRule | "new" | null>(null);
  const text = useRuleText();
  const { save } = useSaving(["news", "alerts"]);
  const removal = useRemoval(["news", "alerts"]);
  if (query.isError) return <Failure error={query.error} retry={() => void query.refetch()} />;
  if (!query.data) return <Rows count={3} />;
  const { items, mail_ready } = query.data;
  return (
    <Card withBorder>
      <Group justify="space-between" mb="sm">
        <Title order={3} size="h5">
          {t("alert.rules")}
        </Title>
        <Button leftSection={<IconPlus size={16} />} onClick={() => setEditing("new")}>
          {t("alert.newRule")}
        </Button>
      </Group>
      {items.length === 0 && <Text c="dimmed">{t("alert.noRules")}</Text>}
      <Stack gap="xs">
        {items.map((rule) => (
          <Group key={rule.id} justify="space-between" wrap="nowrap">
            <div style={{ minWidth: 0 }}>
              <Text fw={600} truncate {...(rule.active ? {} : { c: "dimmed" })}>
                {rule.name} {!rule.active && `(${t("alert.off")})`}
              </Text>
              <Text size="xs" c="dimmed">
                {text(rule)}
              </Text>
            </div>
            <Group gap={4} wrap="nowrap">
              <Button size="compact-sm" variant="subtle" onClick={() => setEditing(rule)}>
                {t("action.edit")}
              </Button>
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={t("alert.removeRule", { name: rule.name })}
                onClick={() => {
                  const { id, version: _, ...body } = rule;
                  void removal({
                    told: t("alert.removedRule", { name: rule.name }),
                    remove: () => removeRule(id),
                    putBack: () => makeRule(body),
                  });
                }}
              >
                <IconTrash size={16} />
              </ActionIcon>
            </Group>
          </Group>
        ))}
      </Stack>
      <Modal
        opened={editing !== null}
        onClose={() => setEditing(null)}
        title={<Text fw={650}>{t(editing === "new" ? "alert.newRule" : "alert.changeRule")}</Text>}
        closeButtonProps={{ "aria-label": t("action.close") }}
      >
        {editing !== null && (
          <RuleForm
            rule={editing === "new" ? null : editing}
            mailReady={mail_ready}
            onSave={async (body) => {
              const work = () =>
                editing === "new" ? makeRule(body) : changeRule(editing.id, body);
              if (await save(work)) setEditing(null);
            }}
          />
        )}
      </Modal>
    </Card>
  );
}
