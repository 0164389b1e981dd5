// A call that the agent makes: how far it is, why nobody was reached, and the buttons for either.
import { Button, Group, Menu, Text } from "@mantine/core";
import { IconMessageForward, IconPhoneOff, IconPhoneOutgoing } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { dial } from "@/components/dial_button";
import { useCommand } from "@/components/use_command";
import { nameOf, useLanguage } from "@/state/choices";
import { command, useLinked } from "@/state/console";
import { dialQuery } from "@/state/dial";
import { phone } from "@/state/format";
import { hangUp } from "@/state/shift";
import type { CallRow } from "@/wire/messages";

export function MadeCall({ row }: { row: CallRow }) {
  const { t } = useTranslation();
  const linked = useLinked();
  const { run, pending } = useCommand();
  if (row.direction === "in" || row.stage !== "dialling" || row.dial_phase === "") return null;
  return (
    <Group gap="md">
      <Text fw={600} role="status" data-testid="dial-phase" data-phase={row.dial_phase}>
        {t(`dialPhase.${row.dial_phase}`)}
      </Text>
      {row.shown !== "" && (
        <Text size="sm">{t("dialOut.shows", { number: phone(row.shown) })}</Text>
      )}
      <Button
        color="red"
        leftSection={<IconPhoneOff size={18} />}
        disabled={!linked}
        loading={pending}
        onClick={() => void run(() => hangUp(row.call))}
      >
        {t("call.hangUp")}
      </Button>
    </Group>
  );
}

/** Nobody was reached: why, and once more with one click. */
export function NotReached({ row }: { row: CallRow }) {
  const { t, i18n } = useTranslation();
  const { run, pending } = useCommand();
  const linked = useLinked();
  if (row.dial_outcome === "" || row.stage !== "wrap-up") return null;
  const key = `dialOutcome.${row.dial_outcome}`;
  const [card] = row.cards;
  const customer = row.cards.length === 1 && card !== undefined ? card.id : null;
  return (
    <Group gap="md">
      <Text fw={600} role="status" data-testid="dial-outcome">
        {i18n.exists(key) ? t(key as "dialOutcome.busy") : row.dial_outcome}
      </Text>
      <Button
        leftSection={<IconPhoneOutgoing size={18} />}
        disabled={!linked}
        loading={pending}
        onClick={() => void run(() => dial({ ...row, customer }))}
      >
        {t("dialOut.again")}
      </Button>
    </Group>
  );
}

/** A recorded message for the machine at the other end; the agent goes on meanwhile. */
export function DropMessage({ row, disabled }: { row: CallRow; disabled: boolean }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { data } = useQuery(dialQuery);
  const { run, pending } = useCommand();
  const messages = data?.messages ?? [];
  if (row.direction !== "out" || messages.length === 0) return null;
  return (
    <Menu position="bottom-end" withArrow>
      <Menu.Target>
        <Button
          variant="default"
          leftSection={<IconMessageForward size={18} />}
          disabled={disabled}
          loading={pending}
        >
          {t("dialOut.leaveMessage")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t("dialOut.leaveHint")}</Menu.Label>
        {messages.map((one) => (
          <Menu.Item
            key={one.prompt}
            onClick={() =>
              void run(() => command({ type: "drop_message", call: row.call, message: one.prompt }))
            }
          >
            {nameOf({ ...one, code: one.prompt }, language)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
