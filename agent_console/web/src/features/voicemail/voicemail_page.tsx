// Messages that callers left: listen, call back, hand over, write a note, mark as done. The list looks for
// new ones by itself; a letter's link opens its message.
import { Button, Card, Group, SegmentedControl, Stack, Text, Title } from "@mantine/core";
import { IconMailCog, IconRecordMail } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Empty, Failure, Rows } from "@/components/feedback";
import { More } from "@/components/more";
import { MESSAGES_EVERY_MS } from "@/state/messages";
import { useSession } from "@/state/session";
import { listMessages, type MessageFilter, readMessage } from "@/wire/sound";
import { Mailboxes } from "./mailboxes";
import { MessageLine } from "./message_line";

const FILTERS: MessageFilter[] = ["open", "new", "done", "deleted"];

export function VoicemailPage() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { role } = useSession();
  const { open } = useSearch({ strict: false }) as { open?: string };
  const [filter, setFilter] = useState<MessageFilter>("open");
  const [settings, setSettings] = useState(false);
  const query = useInfiniteQuery({
    queryKey: ["messages", filter],
    queryFn: ({ pageParam }) => listMessages(filter, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    refetchInterval: MESSAGES_EVERY_MS,
  });
  const linked = useQuery({
    queryKey: ["messages", "one", open],
    queryFn: () => readMessage(open ?? ""),
    enabled: open !== undefined,
    retry: false,
  });
  const changed = () => void client.invalidateQueries({ queryKey: ["messages"] });
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Stack>
      <Group justify="space-between">
        <Title order={2} size="h4">
          {t("page.voicemail")}
        </Title>
        {role === "administrator" && (
          <Button
            variant="default"
            leftSection={<IconMailCog size={16} />}
            onClick={() => setSettings(true)}
          >
            {t("mailbox.title")}
          </Button>
        )}
      </Group>
      {open !== undefined && (
        <Card withBorder data-testid="linked">
          <Group justify="space-between" mb="xs">
            <Text fw={600}>{t("message.linked")}</Text>
            <Button
              size="compact-sm"
              variant="subtle"
              onClick={() => void navigate({ to: "/voicemail", search: {} })}
            >
              {t("action.close")}
            </Button>
          </Group>
          {linked.isError && <Failure error={linked.error} />}
          {linked.data && <MessageLine message={linked.data} onChanged={changed} />}
        </Card>
      )}
      <SegmentedControl
        aria-label={t("message.which")}
        value={filter}
        onChange={(chosen) => setFilter(chosen as MessageFilter)}
        data={FILTERS.map((value) => ({ value, label: t(`messageFilter.${value}`) }))}
        style={{ alignSelf: "flex-start" }}
      />
      {query.isError && <Failure error={query.error} retry={() => void query.refetch()} />}
      {query.isPending && <Rows count={4} height={80} />}
      {query.isSuccess && items.length === 0 && (
        <Card withBorder>
          <Empty
            icon={IconRecordMail}
            color={filter === "open" || filter === "new" ? "green" : "gray"}
            title={t(`messageNone.${filter}`)}
            hint={t("message.noneHint")}
          />
        </Card>
      )}
      {items.map((message) => (
        <Card withBorder key={message.id} data-message={message.id} data-state={message.state}>
          <MessageLine message={message} onChanged={changed} />
        </Card>
      ))}
      <More query={query}>{t("message.more")}</More>
      {settings && <Mailboxes onClose={() => setSettings(false)} />}
    </Stack>
  );
}
