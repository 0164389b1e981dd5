// What a supervisor can do to an agent: another state, other skills and queues, a message. Each wants a
// reason, which the agent reads on his desk.
import { Button, Menu, Modal, Select, Stack, Text, Textarea } from "@mantine/core";
import {
  IconDots,
  IconLogout,
  IconMessage,
  IconPlayerPause,
  IconPlayerPlay,
  IconTool,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { memo, useState } from "react";
import { useTranslation } from "react-i18next";
import { MenuButton } from "@/components/on_demand";
import { useLanguage } from "@/state/choices";
import { useConsole } from "@/state/console";
import { forceState, sendMessage } from "@/wire/floor";
import type { AgentRow } from "@/wire/messages";
import { readChoices } from "@/wire/rest";
import { Work } from "./agent_work";
import { useDeed, Why } from "./deed";

type Deed = "available" | "paused" | "offline" | "work" | "message";

/** Beside hundreds of agents: it is drawn anew with another name only, and asks for the state when it opens. */
export const AgentMenu = memo(function AgentMenu({ agent, name }: { agent: string; name: string }) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<{ deed: Deed; opened: boolean } | null>(null);
  return (
    <>
      <MenuButton
        variant="subtle"
        color="gray"
        label={t("floor.menuOf", { name })}
        icon={<IconDots size={18} />}
      >
        <Deeds agent={agent} choose={(deed) => setChosen({ deed, opened: true })} />
      </MenuButton>
      {chosen !== null && (
        <DeedForm agent={agent} {...chosen} close={() => setChosen({ ...chosen, opened: false })} />
      )}
    </>
  );
});

const useAgent = (agent: string) => useConsole((state) => state.live.agents[agent]);

function Deeds({ agent, choose }: { agent: string; choose: (deed: Deed) => void }) {
  const { t } = useTranslation();
  const state = useAgent(agent)?.state ?? "offline";
  const off = state === "offline";
  return (
    <>
      <Menu.Item leftSection={<IconMessage size={16} />} onClick={() => choose("message")}>
        {t("floor.message")}
      </Menu.Item>
      <Menu.Item leftSection={<IconTool size={16} />} onClick={() => choose("work")}>
        {t("floor.work")}
      </Menu.Item>
      <Menu.Divider />
      <Menu.Item
        leftSection={<IconPlayerPlay size={16} />}
        disabled={off || state === "available"}
        onClick={() => choose("available")}
      >
        {t("floor.available")}
      </Menu.Item>
      <Menu.Item
        leftSection={<IconPlayerPause size={16} />}
        disabled={off}
        onClick={() => choose("paused")}
      >
        {t("floor.paused")}
      </Menu.Item>
      <Menu.Item
        color="red"
        leftSection={<IconLogout size={16} />}
        disabled={off}
        onClick={() => choose("offline")}
      >
        {t("floor.offline")}
      </Menu.Item>
    </>
  );
}

function DeedForm({
  agent,
  deed,
  opened,
  close,
}: {
  agent: string;
  deed: Deed;
  opened: boolean;
  close: () => void;
}) {
  const { t } = useTranslation();
  const row = useAgent(agent);
  if (row === undefined) return null;
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={
        <Text fw={650}>
          {row.name} · {t(`floor.${deed}`)}
        </Text>
      }
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      {deed === "message" && <Message row={row} onDone={close} />}
      {deed === "work" && <Work row={row} onDone={close} />}
      {(deed === "available" || deed === "paused" || deed === "offline") && (
        <Forced row={row} state={deed} onDone={close} />
      )}
    </Modal>
  );
}

function Forced({
  row,
  state,
  onDone,
}: {
  row: AgentRow;
  state: "available" | "paused" | "offline";
  onDone: () => void;
}) {
  const { t } = useTranslation();
  const language = useLanguage();
  const choices = useQuery({ queryKey: ["choices"], queryFn: readChoices });
  const [reason, setReason] = useState<string | null>(null);
  const [why, setWhy] = useState("");
  const { run, doing } = useDeed(onDone);
  const busy = ["offered", "talking", "hold", "wrap-up"].includes(row.state);
  const ready = why.trim().length >= 3 && (state !== "paused" || reason !== null);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) void run(() => forceState(row.agent, { state, reason: reason ?? "", why }));
      }}
    >
      <Stack>
        {busy && <Text size="sm">{t("floor.afterCall")}</Text>}
        {state === "paused" && (
          <Select
            label={t("floor.reason")}
            required
            data={(choices.data?.pause_reasons ?? []).map(({ code, name, name_zh }) => ({
              value: code,
              label: (language === "zh" && name_zh) || name,
            }))}
            value={reason}
            onChange={setReason}
          />
        )}
        <Why value={why} onChange={setWhy} />
        <Button
          type="submit"
          loading={doing}
          disabled={!ready}
          {...(state === "offline" ? { color: "red" } : {})}
        >
          {t(`floor.${state}`)}
        </Button>
      </Stack>
    </form>
  );
}

function Message({ row, onDone }: { row: AgentRow; onDone: () => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const { run, doing } = useDeed(onDone);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void run(() => sendMessage({ agents: [row.agent], text }));
      }}
    >
      <Stack>
        <Textarea
          label={t("note.text")}
          autosize
          minRows={3}
          maxRows={10}
          maxLength={1000}
          data-autofocus
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Button type="submit" loading={doing} disabled={text.trim() === ""}>
          {t("note.send")}
        </Button>
      </Stack>
    </form>
  );
}
