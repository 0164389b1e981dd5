// One click calls this number, wherever it stands. Nobody sees the button who may not dial; who has a
// call already, or no shift, sees it greyed.
import { ActionIcon, Tooltip } from "@mantine/core";
import { IconPhoneOutgoing } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { command, Refused, useConsole, useLinked, useOwnRow } from "@/state/console";
import { dialQuery } from "@/state/dial";
import { phone } from "@/state/format";
import type { AgentRow } from "@/wire/messages";
import { readCustomerById } from "@/wire/rest";
import { useCommand } from "./use_command";

export interface Dialled {
  number: string;
  name?: string;
  customer?: string | null;
  queue?: string | null;
}

const FREE: readonly AgentRow["state"][] = ["available", "paused"];

/** Whether this user may dial at all, and whether he can just now. */
export function useMayDial(): { allowed: boolean; free: boolean } {
  const agent = useConsole(({ live }) => live.agent);
  const row = useOwnRow();
  const linked = useLinked();
  const { data } = useQuery({ ...dialQuery, enabled: agent !== null });
  return {
    allowed: data?.refusal === "",
    free: linked && row !== null && FREE.includes(row.state) && row.device_ready,
  };
}

export const dial = ({ number, name, customer, queue }: Dialled): Promise<void> =>
  command({
    type: "dial",
    number,
    name: name ?? "",
    customer: customer ?? "",
    queue: queue ?? "",
    shown: "",
  });

/** Where only the customer is known: his first number, read at the click. */
export function DialCustomer({ customer, name }: { customer: string; name: string }) {
  const { t } = useTranslation();
  const { allowed, free } = useMayDial();
  const { run, pending } = useCommand();
  if (!allowed) return null;
  const call = async () => {
    const [first] = (await readCustomerById(customer)).numbers;
    if (first === undefined) throw new Refused("no-number");
    await dial({ number: first.number, name, customer });
  };
  const says = t("dialOut.call", { number: name });
  return <Call says={says} free={free} pending={pending} call={() => void run(call)} />;
}

export function DialButton(dialled: Dialled) {
  const { t } = useTranslation();
  const { allowed, free } = useMayDial();
  const { run, pending } = useCommand();
  if (!allowed || !/^\+?\d{3}/.test(dialled.number)) return null;
  const says = t("dialOut.call", { number: dialled.name || phone(dialled.number) });
  const call = () => void run(() => dial(dialled));
  return <Call says={says} free={free} pending={pending} call={call} />;
}

interface CallProps {
  says: string;
  free: boolean;
  pending: boolean;
  call: () => void;
}

function Call({ says, free, pending, call }: CallProps) {
  return (
    <Tooltip label={says}>
      <ActionIcon
        size={24}
        variant="transparent"
        c={free ? "green" : "dimmed"}
        aria-label={says}
        disabled={!free}
        loading={pending}
        onClick={(event) => {
          event.stopPropagation();
          call();
        }}
      >
        <IconPhoneOutgoing size={16} />
      </ActionIcon>
    </Tooltip>
  );
}
