// Where a ticket may go from here, and the macros that do several things at once.
import { Button, Group, Menu, Modal, Stack, Text, Textarea } from "@mantine/core";
import { IconArrowRight, IconBolt } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { nameOf, useLanguage } from "@/state/choices";
import { applyMacro, listMacros, moveTicket, type TicketType } from "@/wire/crm";
import type { Part } from "./part";

/** The ways that lead on from here; where a reason is needed it is asked for. */
export function Stages({ ticket, type, run }: Part & { type: TicketType }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const [to, setTo] = useState<string | null>(null);
  const [reason, setReason] = useState("");
  const here = type.stages.find(({ code }) => code === ticket.stage);
  const ways = here === undefined ? type.stages.map(({ code }) => code) : here.next;
  const go = async (stage: string, why: string) => {
    const done = await run(() =>
      moveTicket(ticket.id, { stage, reason: why, version: ticket.version }),
    );
    if (done) {
      setTo(null);
      setReason("");
    }
  };
  return (
    <Group gap="xs" mt="sm" role="group" aria-label={t("ticket.nextStages")}>
      {ways.map((code) => {
        const stage = type.stages.find((one) => one.code === code);
        if (stage === undefined) return null;
        return (
          <Button
            key={code}
            size="xs"
            variant="light"
            rightSection={<IconArrowRight size={14} />}
            onClick={() => (stage.needs_reason ? setTo(code) : void go(code, ""))}
          >
            {nameOf(stage, language)}
          </Button>
        );
      })}
      <Modal
        opened={to !== null}
        onClose={() => setTo(null)}
        title={<Text fw={650}>{t("ticket.reasonTitle")}</Text>}
        closeButtonProps={{ "aria-label": t("action.close") }}
      >
        <Stack>
          <Textarea
            label={t("ticket.reason")}
            data-autofocus
            autosize
            minRows={2}
            maxLength={2_000}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <Button
            disabled={reason.trim() === ""}
            onClick={() => to !== null && void go(to, reason)}
          >
            {t("ticket.goOn")}
          </Button>
        </Stack>
      </Modal>
    </Group>
  );
}

export function Macros({ ticket, run }: Part) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { data = [] } = useQuery({ queryKey: ["macros"], queryFn: listMacros, staleTime: 60_000 });
  const fitting = data.filter(
    ({ value }) => value.types.length === 0 || value.types.includes(ticket.type),
  );
  if (fitting.length === 0) return null;
  return (
    <Menu>
      <Menu.Target>
        <Button size="xs" variant="default" leftSection={<IconBolt size={14} />}>
          {t("ticket.macros")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {fitting.map(({ code, value }) => (
          <Menu.Item
            key={code}
            onClick={() => void run(() => applyMacro(ticket.id, code, ticket.version))}
          >
            {nameOf(value, language)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
