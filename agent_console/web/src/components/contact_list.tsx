// A customer's past contacts, newest first; each opens with its whole timeline.
import { Group, Paper, Stack, Text, UnstyledButton } from "@mantine/core";
import { IconHistory, IconPhoneIncoming } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useAgentName, useDispositionName, useLanguage, useQueueName } from "@/state/choices";
import { serverNow } from "@/state/clock";
import { duration, moment } from "@/state/format";
import { customerTimeline } from "@/wire/interactions";
import type { HistoryItem } from "@/wire/record";
import { Empty, Failure, Rows } from "./feedback";
import { InteractionDrawer } from "./interaction_drawer";
import { OutcomeBadge } from "./outcome_badge";

/** `known` is painted at once (it came with the call); the full list follows from the server. */
export function ContactList({ customer, known }: { customer: string; known: HistoryItem[] }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState<string | null>(null);
  const query = useQuery<HistoryItem[]>({
    queryKey: ["timeline", customer],
    queryFn: () => customerTimeline(customer),
    ...(known.length > 0 ? { placeholderData: known } : {}),
  });
  const names = new Map(known.map((item) => [item.call, item]));
  // The list knows ids; what came with the call knows the names as well.
  const items = query.data?.map((item) => ({ ...item, ...namesOf(names.get(item.call)) }));
  return (
    <>
      {query.isError && known.length === 0 && (
        <Failure error={query.error} retry={() => void query.refetch()} />
      )}
      {items === undefined && !query.isError && <Rows count={4} height={64} />}
      {items?.length === 0 && (
        <Empty icon={IconHistory} title={t("timeline.empty")} hint={t("timeline.emptyHint")} />
      )}
      <Stack gap="xs" component="ul" m={0} p={0} style={{ listStyle: "none" }}>
        {(query.isError ? known : (items ?? [])).map((item) => (
          <li key={item.call}>
            <Contact item={item} onOpen={() => setOpen(item.call)} />
          </li>
        ))}
      </Stack>
      <InteractionDrawer call={open} onClose={() => setOpen(null)} />
    </>
  );
}

function namesOf(item: HistoryItem | undefined): Partial<HistoryItem> {
  return item === undefined ? {} : { agent: item.agent, queue: item.queue };
}

function Contact({ item, onOpen }: { item: HistoryItem; onOpen: () => void }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const dispositionName = useDispositionName();
  const queue = useQueueName()(item.queue);
  const agent = useAgentName()(item.agent);
  return (
    <UnstyledButton onClick={onOpen} w="100%">
      <Paper withBorder p="sm" className="cc-clickable">
        <Group justify="space-between" wrap="nowrap" align="flex-start">
          <Group gap="sm" wrap="nowrap" align="flex-start" miw={0}>
            <IconPhoneIncoming size={18} stroke={1.6} style={{ flexShrink: 0, marginTop: 2 }} />
            <div style={{ minWidth: 0 }}>
              <Text size="sm" fw={600}>
                {item.disposition
                  ? dispositionName(item.disposition)
                  : queue || agent || t("contact.call")}
              </Text>
              {item.note && (
                <Text size="sm" lineClamp={2} style={{ overflowWrap: "anywhere" }}>
                  {item.note}
                </Text>
              )}
              <Text size="xs" c="dimmed">
                {[
                  moment(item.startedAt, serverNow(), language),
                  item.disposition ? queue : "",
                  agent,
                  item.talkSeconds > 0 ? duration(item.talkSeconds) : "",
                ]
                  .filter(Boolean)
                  .join(" · ")}
              </Text>
            </div>
          </Group>
          {item.outcome && <OutcomeBadge outcome={item.outcome} />}
        </Group>
      </Paper>
    </UnstyledButton>
  );
}
