// One message: who, when, for whom; the sound; what was done about it. A change that somebody else was
// quicker with is told, and the message is shown as it is now.
import { Badge, Button, Group, Select, Stack, Text, Textarea } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { DialButton } from "@/components/dial_button";
import { Failure } from "@/components/feedback";
import { type Known, NewCallback } from "@/components/new_callback";
import { notify } from "@/components/notices";
import { useCallerName } from "@/components/person";
import { Player } from "@/components/sound/player";
import { useAgentName, useChoices, useLanguage, useQueueName } from "@/state/choices";
import { serverNow } from "@/state/clock";
import { duration, moment, phone } from "@/state/format";
import { useSession } from "@/state/session";
import { moment as momentOf } from "@/wire/record";
import {
  changeMessage,
  deleteMessage,
  type Message,
  type MessageChange,
  messageFile,
  messageSound,
  restoreMessage,
} from "@/wire/sound";

const COLORS = { new: "red", heard: "blue", done: "green" } as const;

export function MessageLine({ message, onChanged }: { message: Message; onChanged: () => void }) {
  const { t } = useTranslation();
  const { role } = useSession();
  const { agent_names } = useChoices();
  const agentName = useAgentName();
  const [note, setNote] = useState(message.note);
  const [asking, setAsking] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const run = async (work: () => Promise<unknown>) => {
    setError(null);
    try {
      await work();
    } catch (problem) {
      setError(problem);
      return false;
    } finally {
      onChanged();
    }
    return true;
  };
  const change = (values: Omit<MessageChange, "version">) =>
    void run(() => changeMessage(message.id, { version: message.version, ...values }));
  const remove = async () => {
    if (await run(() => deleteMessage(message.id))) notify({ message: t("message.deleted") });
  };
  const agents = Object.keys({
    ...agent_names,
    ...(message.assigned_to ? { [message.assigned_to]: "" } : {}),
  });
  return (
    <Stack gap="xs">
      <Heading message={message} />
      {message.there ? (
        <Player
          source={messageSound(message.id)}
          label={t("message.listen", { number: message.number })}
          onPlay={() => message.state === "new" && setTimeout(onChanged, 500)}
        />
      ) : (
        <Text size="sm" c="red">
          {t("message.lost")}
        </Text>
      )}
      {message.transcript && <Text size="sm">{message.transcript}</Text>}
      <Group align="flex-end">
        <Select
          label={t("message.assigned")}
          placeholder={t("message.nobody")}
          data={agents.map((id) => ({ value: id, label: agentName(id) }))}
          value={message.assigned_to}
          searchable
          clearable
          w={220}
          onChange={(assigned_to) => change({ assigned_to })}
        />
        <Textarea
          label={t("message.note")}
          autosize
          maxLength={4000}
          flex={1}
          miw={200}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        {note !== message.note && (
          <Button variant="default" onClick={() => change({ note })}>
            {t("action.save")}
          </Button>
        )}
      </Group>
      {error !== null && <Failure error={error} />}
      <Group gap="xs">
        {message.number !== "" && (
          <>
            <Button size="compact-sm" variant="light" onClick={() => setAsking(true)}>
              {t("message.callBack")}
            </Button>
            <NewCallback
              opened={asking}
              known={knownOf(message)}
              onClose={() => setAsking(false)}
            />
          </>
        )}
        {message.state === "done" ? (
          <Button size="compact-sm" variant="default" onClick={() => change({ state: "heard" })}>
            {t("message.reopen")}
          </Button>
        ) : (
          <Button size="compact-sm" onClick={() => change({ state: "done" })}>
            {t("message.done")}
          </Button>
        )}
        {role !== "agent" && message.there && (
          <Button
            size="compact-sm"
            variant="default"
            component="a"
            href={messageFile(message.id)}
            download
          >
            {t("message.download")}
          </Button>
        )}
        {message.deleted === null ? (
          <Button size="compact-sm" variant="subtle" color="red" onClick={() => void remove()}>
            {t("message.delete")}
          </Button>
        ) : (
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => void run(() => restoreMessage(message.id))}
          >
            {t("message.restore")}
          </Button>
        )}
      </Group>
    </Stack>
  );
}

/** A message left for a queue is answered from that queue. */
function knownOf(message: Message): Known {
  return {
    number: message.number,
    name: message.customer_name || message.name,
    queue: message.box_kind === "queue" ? message.box : null,
    customer: message.customer_id,
    language: message.language,
  };
}

function Heading({ message }: { message: Message }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const callerName = useCallerName();
  const queueName = useQueueName();
  const agentName = useAgentName();
  const box = {
    queue: () => queueName(message.box),
    agent: () => agentName(message.box),
    general: () => t("mailbox.general"),
  }[message.box_kind]();
  return (
    <Group gap="xs">
      <Badge color={COLORS[message.state]} variant="light" className="cc-badge">
        {t(`messageState.${message.state}`)}
      </Badge>
      <Text fw={600}>{callerName(message.customer_name || message.name, message.number)}</Text>
      <DialButton number={message.number} name={message.customer_name || message.name} />
      <Text size="sm" c="dimmed" className="cc-figures">
        {[
          phone(message.number),
          box,
          moment(momentOf(message.created), serverNow(), language),
          message.seconds === null ? t("message.unmeasured") : duration(message.seconds),
        ]
          .filter(Boolean)
          .join(" · ")}
      </Text>
    </Group>
  );
}
