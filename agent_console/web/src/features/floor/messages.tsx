// What was told to agents of the own teams: who has read it, and a new message to an agent or a team.
import { Badge, Button, Card, Group, Select, Stack, Text, Textarea } from "@mantine/core";
import { IconMessage, IconSend } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Empty, Failure, Rows } from "@/components/feedback";
import { useTeams } from "@/components/floor/words";
import { useSaving } from "@/components/saving";
import { useAgentNames, useLanguage } from "@/state/choices";
import { useServerSecond } from "@/state/clock";
import { useConsole } from "@/state/console";
import { moment } from "@/state/format";
import { type DeskMessage, listSent, sendMessage } from "@/wire/floor";

export function Messages() {
  const query = useQuery({ queryKey: ["news", "messages", "sent"], queryFn: listSent });
  const { t } = useTranslation();
  return (
    <Stack>
      <Writing />
      {query.isError && <Failure error={query.error} retry={() => void query.refetch()} />}
      {query.isPending && <Rows count={4} />}
      {query.data?.length === 0 && (
        <Card withBorder>
          <Empty icon={IconMessage} title={t("note.none")} hint={t("note.noneHint")} />
        </Card>
      )}
      {query.data && query.data.length > 0 && (
        <Card withBorder>
          <Stack gap="sm">
            {query.data.map((one) => (
              <Sent key={one.id} message={one} />
            ))}
          </Stack>
        </Card>
      )}
    </Stack>
  );
}

function Writing() {
  const { t } = useTranslation();
  const agents = useAgentNames();
  const teams = useTeams();
  const [to, setTo] = useState<string | null>(null);
  const [text, setText] = useState("");
  const { save, saving } = useSaving(["news", "messages"]);
  const send = async () => {
    const [kind, ...rest] = (to ?? "").split(":");
    const id = rest.join(":");
    const body = kind === "team" ? { team: id, text } : { agents: [id], text };
    if (await save(() => sendMessage(body))) setText("");
  };
  return (
    <Card withBorder>
      <Stack gap="sm">
        <Select
          label={t("note.to")}
          searchable
          data={[
            {
              group: t("note.teams"),
              items: (teams.data ?? []).map(({ id, name }) => ({
                value: `team:${id}`,
                label: name,
              })),
            },
            {
              group: t("note.agents"),
              items: Object.entries(agents).map(([agent, name]) => ({
                value: `agent:${agent}`,
                label: name,
              })),
            },
          ]}
          value={to}
          onChange={setTo}
        />
        <Textarea
          label={t("note.text")}
          autosize
          minRows={2}
          maxRows={8}
          maxLength={1000}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Group justify="flex-end">
          <Button
            leftSection={<IconSend size={16} />}
            loading={saving}
            disabled={to === null || text.trim() === ""}
            onClick={() => void send()}
          >
            {t("note.send")}
          </Button>
        </Group>
      </Stack>
    </Card>
  );
}

function Sent({ message }: { message: DeskMessage }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const now = useServerSecond();
  const name = useConsole((state) => state.live.agents[message.agent]?.name ?? message.agent);
  return (
    <Group justify="space-between" wrap="nowrap" align="flex-start">
      <div style={{ minWidth: 0 }}>
        <Text size="sm" fw={600}>
          {message.by_name} → {name}
        </Text>
        <Text size="sm" style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
          {message.body}
        </Text>
      </div>
      <Stack gap={2} align="flex-end">
        <Text size="xs" c="dimmed" className="cc-figures">
          {moment(Date.parse(message.created) / 1000, now, language)}
        </Text>
        <Badge
          variant="light"
          className="cc-badge"
          color={message.read === null ? "yellow" : "green"}
        >
          {t(message.read === null ? "note.unread" : "note.read")}
        </Badge>
      </Stack>
    </Group>
  );
}
