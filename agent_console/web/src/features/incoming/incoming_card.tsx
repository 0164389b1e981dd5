// A3: the call that rings, bottom right on whatever page is open. It never takes the focus; Alt+A does
// the answering. Painted from the row alone: no request stands between the ring and the record.
import { Affix, Badge, Button, Group, Paper, Stack, Text } from "@mantine/core";
import { IconPhone, IconPhoneOff, IconUsers, IconUsersGroup } from "@tabler/icons-react";
import { useLayoutEffect } from "react";
import { useTranslation } from "react-i18next";
import { CallerTags } from "@/components/caller_tags";
import { Elapsed } from "@/components/elapsed";
import { PersonAvatar, useCallerName } from "@/components/person";
import { ShrinkingBar } from "@/components/shrinking_bar";
import { useCommand } from "@/components/use_command";
import { useAgentName, useDispositionName, useLanguage } from "@/state/choices";
import { serverNow } from "@/state/clock";
import { command, useConsole, useLinked } from "@/state/console";
import { moment, phone } from "@/state/format";
import { ownCalls } from "@/state/live";
import { markPainted } from "@/state/marks";
import { usePhoneTab } from "@/state/phone_tab";
import { answer, useShift } from "@/state/shift";
import type { CallRow } from "@/wire/messages";
import { readCard } from "@/wire/record";

export function IncomingCard() {
  const row = useConsole(
    ({ live }) => ownCalls(live).find((call) => call.stage === "offered") ?? null,
  );
  if (row === null) return null;
  return (
    <Affix position={{ bottom: 20, right: 20 }} zIndex={180}>
      <Card key={row.call} row={row} />
    </Affix>
  );
}

function Card({ row }: { row: CallRow }) {
  const { t } = useTranslation();
  const callerName = useCallerName();
  const agentName = useAgentName();
  const [card] = row.cards;
  const one = row.cards.length === 1 && card !== undefined;
  const customer = one ? readCard(card) : null;
  const internal = row.direction === "internal";
  const colleague = agentName(row.agent ?? "");

  useLayoutEffect(() => (row.known ? markPainted(row.call) : undefined), [row.known, row.call]);

  return (
    <Paper
      shadow="xl"
      withBorder
      p="md"
      w={{ base: "calc(100vw - 40px)", xs: 380 }}
      role="region"
      aria-label={t("incoming.label")}
      data-testid="incoming"
    >
      <Stack gap="sm">
        <Group justify="space-between">
          <Badge color="yellow" className="cc-badge cc-pulse" leftSection={<IconPhone size={12} />}>
            {row.consult !== null
              ? t("consult.askedBy", { name: agentName(row.consult.by) })
              : row.auto_answer
                ? t("incoming.connecting")
                : t("incoming.title")}
          </Badge>
          <Text size="sm" c="dimmed">
            {row.queue_name}
            {row.joined_at !== null && (
              <>
                {" · "}
                {t("incoming.waited")} <Elapsed since={row.joined_at} />
              </>
            )}
          </Text>
        </Group>
        <Group wrap="nowrap">
          <PersonAvatar name={internal ? colleague : (customer?.name ?? row.name)} size={48} />
          <div style={{ minWidth: 0 }}>
            <Text fw={650} size="lg" lineClamp={2} style={{ overflowWrap: "anywhere" }}>
              {internal
                ? colleague
                : callerName(customer?.name ?? (row.cards.length > 1 ? "" : row.name), row.number)}
            </Text>
            <Text size="sm" c="dimmed" className="cc-figures">
              {internal ? t("direction.internal") : phone(row.number)}
              {row.known && !internal && row.cards.length === 0 && ` · ${t("incoming.newCaller")}`}
            </Text>
          </div>
        </Group>
        {row.cards.length > 1 && (
          <Group gap={6}>
            <IconUsers size={16} />
            <Text size="sm">{t("incoming.several", { count: row.cards.length })}</Text>
          </Group>
        )}
        {!internal && (
          <CallerTags
            vip={customer?.vip ?? false}
            language={customer?.language || row.language}
            tags={customer?.tags.slice(0, 3) ?? []}
          />
        )}
        {row.path.length > 0 && (
          <Text size="sm" c="dimmed">
            {t("incoming.path")} {row.path.join(" › ")}
          </Text>
        )}
        {row.offered_to.length > 1 && (
          <Group gap={6}>
            <IconUsersGroup size={16} />
            <Text size="sm">{t("incoming.together", { count: row.offered_to.length - 1 })}</Text>
          </Group>
        )}
        {customer && <LastContact customer={customer} />}
        {row.offered_until !== null && <ShrinkingBar from={row.since} until={row.offered_until} />}
        <Buttons row={row} />
      </Stack>
    </Paper>
  );
}

function LastContact({ customer }: { customer: ReturnType<typeof readCard> }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const dispositionName = useDispositionName();
  const [last] = customer.history;
  if (last === undefined) return null;
  const said = last.note || (last.disposition ? dispositionName(last.disposition) : last.queue);
  return (
    <Text size="sm" lineClamp={2}>
      <Text span c="dimmed" inherit>
        {t("incoming.last")} {moment(last.startedAt, serverNow(), language)}
      </Text>
      {said && ` · ${said}`}
    </Text>
  );
}

function Buttons({ row }: { row: CallRow }) {
  const { t } = useTranslation();
  const linked = useLinked();
  const kind = useShift((state) => state.kind);
  const leg = useShift((state) => state.phone.call);
  const holding = usePhoneTab((state) => state.holding);
  const reject = useCommand();
  if (kind === "desk") {
    return (
      <Stack gap="xs">
        <Text fw={600}>{t("incoming.deskPhone")}</Text>
        <RejectButton row={row} linked={linked} reject={reject} />
      </Stack>
    );
  }
  return (
    <Stack gap={6}>
      <Group grow>
        <Button
          color="green"
          size="md"
          leftSection={<IconPhone size={18} />}
          loading={leg?.phase === "answering"}
          onClick={() => answer(row.call)}
        >
          {t("incoming.answer")}
        </Button>
        <RejectButton row={row} linked={linked} reject={reject} />
      </Group>
      {holding === "waiting" && (
        <Text size="xs" c="dimmed">
          {t("incoming.otherTab")}
        </Text>
      )}
    </Stack>
  );
}

function RejectButton({
  row,
  linked,
  reject,
}: {
  row: CallRow;
  linked: boolean;
  reject: ReturnType<typeof useCommand>;
}) {
  const { t } = useTranslation();
  return (
    <Button
      color="red"
      variant="light"
      size="md"
      leftSection={<IconPhoneOff size={18} />}
      disabled={!linked}
      loading={reject.pending}
      onClick={() => void reject.run(() => command({ type: "reject_offer", call: row.call }))}
    >
      {t("incoming.reject")}
    </Button>
  );
}
