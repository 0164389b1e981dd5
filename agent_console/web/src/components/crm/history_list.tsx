// Customer 360: everything that happened with a customer, newest first, as long as one scrolls; with a line
// to leave a note.
import { Anchor, Badge, Button, Chip, Group, Paper, Stack, Text, Textarea } from "@mantine/core";
import {
  IconCheckbox,
  IconHistory,
  IconMessage,
  IconNote,
  IconPhone,
  IconTicket,
  type TablerIcon,
} from "@tabler/icons-react";
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Empty, Failure, Rows } from "@/components/feedback";
import { InteractionDrawer } from "@/components/interaction_drawer";
import { OutcomeBadge } from "@/components/outcome_badge";
import { useAgentName, useDispositionName, useLanguage, useQueueName } from "@/state/choices";
import { serverNow } from "@/state/clock";
import { duration, moment } from "@/state/format";
import { useKeptForm } from "@/state/kept_form";
import { addNote, customerHistory, type EntryKind, type EntryRead } from "@/wire/crm";
import { moment as seconds } from "@/wire/record";
import { EndlessRows } from "./endless_rows";
import { TicketAnchor } from "./ticket_anchor";
import { StageBadge, useTypeName } from "./ticket_words";

const ICONS: Record<EntryKind, TablerIcon> = {
  call: IconPhone,
  ticket: IconTicket,
  task: IconCheckbox,
  note: IconNote,
  voicemail: IconMessage,
};
const KINDS = Object.keys(ICONS) as EntryKind[];

export function HistoryList({ customer }: { customer: string }) {
  const { t } = useTranslation();
  const [kinds, setKinds] = useState<EntryKind[]>([]);
  const [call, setCall] = useState<string | null>(null);
  const query = useInfiniteQuery({
    queryKey: ["history", customer, kinds],
    queryFn: ({ pageParam }) => customerHistory(customer, kinds, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: (before) => before,
  });
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Stack gap="sm" data-testid="history">
      <NoteLine key={customer} customer={customer} />
      <Chip.Group multiple value={kinds} onChange={(next) => setKinds(next as EntryKind[])}>
        <Group gap="xs">
          {KINDS.map((kind) => (
            <Chip key={kind} value={kind} size="xs">
              {t(`entry.${kind}`)}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
      {query.isError && <Failure error={query.error} retry={() => void query.refetch()} />}
      {query.isLoading && <Rows count={5} height={64} />}
      {query.data !== undefined && items.length === 0 && (
        <Empty icon={IconHistory} title={t("timeline.empty")} hint={t("timeline.emptyHint")} />
      )}
      <EndlessRows
        items={items}
        keyOf={({ kind, id }) => `${kind} ${id}`}
        rowHeight={76}
        label={t("timeline.title")}
        height="60dvh"
        more={query.hasNextPage && !query.isFetchingNextPage}
        onMore={() => void query.fetchNextPage()}
        render={(entry) => <Line entry={entry} onCall={setCall} />}
      />
      <InteractionDrawer call={call} onClose={() => setCall(null)} />
    </Stack>
  );
}

function NoteLine({ customer }: { customer: string }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const kept = useKeptForm(`note-${customer}`, "");
  const [text, setText] = useState(kept.first);
  const [error, setError] = useState<unknown>(null);
  const change = (next: string) => {
    setText(next);
    kept.keep(next);
  };
  const save = async () => {
    setError(null);
    try {
      await addNote(customer, text);
      change("");
      await queries.invalidateQueries({ queryKey: ["history", customer] });
    } catch (problem) {
      setError(problem);
    }
  };
  return (
    <>
      <Group align="flex-end" wrap="nowrap">
        <Textarea
          style={{ flex: 1 }}
          label={t("note.label")}
          autosize
          maxRows={8}
          maxLength={8_000}
          value={text}
          onChange={(event) => change(event.currentTarget.value)}
        />
        <Button variant="default" disabled={text.trim() === ""} onClick={() => void save()}>
          {t("note.add")}
        </Button>
      </Group>
      {error !== null && <Failure error={error} retry={() => void save()} />}
    </>
  );
}

function Line({ entry, onCall }: { entry: EntryRead; onCall: (call: string) => void }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const Icon = ICONS[entry.kind];
  return (
    <Paper withBorder p="sm">
      <Group gap="sm" wrap="nowrap" align="flex-start">
        <Icon size={18} stroke={1.6} aria-label={t(`entry.${entry.kind}`)} />
        <div style={{ minWidth: 0, flex: 1 }}>
          <Body entry={entry} onCall={onCall} />
          <Text size="xs" c="dimmed">
            {moment(seconds(entry.at), serverNow(), language)}
          </Text>
        </div>
      </Group>
    </Paper>
  );
}

function Body({ entry, onCall }: { entry: EntryRead; onCall: (call: string) => void }) {
  const { t } = useTranslation();
  const data = entry.data as Record<string, string>;
  const agentName = useAgentName();
  const queueName = useQueueName();
  const dispositionName = useDispositionName();
  const typeName = useTypeName();
  if (entry.kind === "call") {
    const said = data.disposition ? dispositionName(data.disposition) : "";
    return (
      <>
        <Group justify="space-between" wrap="nowrap">
          <Anchor component="button" type="button" size="sm" onClick={() => onCall(entry.id)}>
            {said || (data.queue ? queueName(data.queue) : "") || t("entry.call")}
          </Anchor>
          <OutcomeBadge outcome={data.outcome ?? ""} />
        </Group>
        <Quiet text={data.note ?? ""} />
        <Quiet
          text={[
            data.agent ? agentName(data.agent) : "",
            Number(data.talk_seconds) > 0 ? duration(Number(data.talk_seconds)) : "",
          ]
            .filter(Boolean)
            .join(" · ")}
        />
      </>
    );
  }
  if (entry.kind === "ticket") {
    return (
      <Group justify="space-between" wrap="nowrap">
        <TicketAnchor id={entry.id}>
          {typeName(data.type ?? "")} #{data.number} {data.subject}
        </TicketAnchor>
        <StageBadge
          ticket={{
            type: data.type ?? "",
            stage: data.stage ?? "",
            stage_kind: (data.stage_kind ?? "open") as "open",
          }}
        />
      </Group>
    );
  }
  if (entry.kind === "task") {
    return (
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm">{data.title}</Text>
        <Badge className="cc-badge" variant="light">
          {data.result
            ? t(`taskResult.${data.result}` as "taskResult.done")
            : t(`taskState.${data.state}` as "taskState.open")}
        </Badge>
      </Group>
    );
  }
  if (entry.kind === "note") {
    return (
      <>
        <Text size="sm" style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
          {data.text}
        </Text>
        <Quiet text={data.by ?? ""} />
      </>
    );
  }
  return (
    <Text size="sm">
      {t("entry.voicemail")} {data.seconds === null ? "" : duration(Number(data.seconds))}
    </Text>
  );
}

function Quiet({ text }: { text: string }) {
  if (text === "") return null;
  return (
    <Text size="sm" c="dimmed" lineClamp={3} style={{ overflowWrap: "anywhere" }}>
      {text}
    </Text>
  );
}
