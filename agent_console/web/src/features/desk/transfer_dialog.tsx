// Where a caller can be given: a colleague (asked first, or at once), a queue, a menu. Who is free is
// read anew while the dialog is open; whether it still holds is decided by the server at the click.
import {
  Badge,
  Button,
  Center,
  Group,
  Loader,
  Modal,
  Stack,
  Table,
  Tabs,
  Text,
  TextInput,
} from "@mantine/core";
import { IconArrowForwardUp, IconMessageQuestion, IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMayDial } from "@/components/dial_button";
import { Elapsed } from "@/components/elapsed";
import { Failure } from "@/components/feedback";
import { Late } from "@/components/late";
import { AGENT_LOOKS } from "@/components/looks";
import { outsideTargets } from "@/components/outbound/late_parts";
import { useCommand } from "@/components/use_command";
import { command } from "@/state/console";
import type { AgentState, CallRow, CommandBody } from "@/wire/messages";
import { type Colleagues, readColleagues } from "@/wire/rest";

const FRESH_MS = 2_000;

export function TransferDialog({ row, close }: { row: CallRow; close: () => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const found = useQuery({
    queryKey: ["colleagues"],
    queryFn: readColleagues,
    refetchInterval: FRESH_MS,
    staleTime: 0,
  });
  return (
    <Modal opened onClose={close} title={t("transfer.title")} size="lg">
      <Stack data-testid="transfer">
        <TextInput
          data-autofocus
          leftSection={<IconSearch size={16} />}
          placeholder={t("transfer.search")}
          aria-label={t("transfer.search")}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        {found.isError && <Failure error={found.error} retry={() => void found.refetch()} />}
        {found.isPending && (
          <Center mih={160}>
            <Loader />
          </Center>
        )}
        {found.data && <Targets row={row} found={found.data} text={text} close={close} />}
      </Stack>
    </Modal>
  );
}

interface TargetsProps {
  row: CallRow;
  found: Colleagues;
  text: string;
  close: () => void;
}

function Targets({ row, found, text, close }: TargetsProps) {
  const { t } = useTranslation();
  const { run, pending } = useCommand();
  const { allowed } = useMayDial();
  const wanted = text.trim().toLocaleLowerCase();
  const fits = (...words: string[]) => words.join(" ").toLocaleLowerCase().includes(wanted);
  const does = async (body: CommandBody) => {
    if (await run(() => command(body))) close();
  };
  const agents = found.agents.filter((one) => fits(one.name, one.agent, one.team));
  const queues = found.queues.filter((one) => fits(one.name, one.queue));
  const flows = found.flows.filter((one) => fits(one.name, one.flow));
  return (
    <Tabs defaultValue="agents" keepMounted={false}>
      <Tabs.List grow>
        <Tabs.Tab value="agents">{t("transfer.agents")}</Tabs.Tab>
        <Tabs.Tab value="queues">{t("transfer.queues")}</Tabs.Tab>
        <Tabs.Tab value="flows">{t("transfer.flows")}</Tabs.Tab>
        {allowed && <Tabs.Tab value="outside">{t("transfer.outside")}</Tabs.Tab>}
      </Tabs.List>
      <Tabs.Panel value="agents" pt="sm">
        <Rows empty={t("transfer.noAgents")}>
          {agents.map((one) => (
            <Table.Tr key={one.agent} data-testid={`colleague-${one.agent}`}>
              <Table.Td style={{ overflowWrap: "anywhere" }}>
                <Text fw={600}>{one.name}</Text>
                <Text size="xs" c="dimmed">
                  {one.team}
                </Text>
              </Table.Td>
              <Table.Td>
                <Group gap={6} wrap="nowrap">
                  <Badge className="cc-badge" color={AGENT_LOOKS[one.state as AgentState].color}>
                    {t(`state.${one.state as AgentState}`)}
                  </Badge>
                  <Elapsed since={one.since} />
                </Group>
              </Table.Td>
              <Table.Td>
                <Group gap="xs" justify="flex-end" wrap="nowrap">
                  <Button
                    size="xs"
                    variant="light"
                    leftSection={<IconMessageQuestion size={16} />}
                    disabled={!one.free || pending}
                    onClick={() => void does({ type: "consult", call: row.call, agent: one.agent })}
                  >
                    {t("transfer.consult")}
                  </Button>
                  <Give
                    disabled={!one.free || pending}
                    give={() =>
                      does({ type: "transfer", call: row.call, to: "agent", target: one.agent })
                    }
                  />
                </Group>
              </Table.Td>
            </Table.Tr>
          ))}
        </Rows>
      </Tabs.Panel>
      <Tabs.Panel value="outside" pt="sm">
        <Late part={outsideTargets} props={{ row, text, close }} />
      </Tabs.Panel>
      <Tabs.Panel value="queues" pt="sm">
        <Rows empty={t("transfer.nothing")}>
          {queues.map((one) => (
            <Table.Tr key={one.queue} data-testid={`queue-${one.queue}`}>
              <Table.Td style={{ overflowWrap: "anywhere" }}>
                <Text fw={600}>{one.name}</Text>
              </Table.Td>
              <Table.Td>
                <Text size="sm" c="dimmed">
                  {t("transfer.queueNow", { waiting: one.waiting, available: one.available })}
                </Text>
              </Table.Td>
              <Table.Td align="right">
                <Give
                  disabled={pending}
                  give={() =>
                    does({ type: "transfer", call: row.call, to: "queue", target: one.queue })
                  }
                />
              </Table.Td>
            </Table.Tr>
          ))}
        </Rows>
      </Tabs.Panel>
      <Tabs.Panel value="flows" pt="sm">
        <Rows empty={t("transfer.nothing")}>
          {flows.map((one) => (
            <Table.Tr key={one.flow}>
              <Table.Td style={{ overflowWrap: "anywhere" }}>
                <Text fw={600}>{one.name}</Text>
              </Table.Td>
              <Table.Td align="right">
                <Give
                  disabled={pending}
                  give={() =>
                    does({ type: "transfer", call: row.call, to: "flow", target: one.flow })
                  }
                />
              </Table.Td>
            </Table.Tr>
          ))}
        </Rows>
      </Tabs.Panel>
    </Tabs>
  );
}

function Rows({ children, empty }: { children: ReactNode[]; empty: string }) {
  if (children.length === 0) {
    return (
      <Text c="dimmed" ta="center" py="lg">
        {empty}
      </Text>
    );
  }
  return (
    <Table verticalSpacing="xs">
      <Table.Tbody>{children}</Table.Tbody>
    </Table>
  );
}

function Give({ disabled, give }: { disabled: boolean; give: () => Promise<void> }) {
  const { t } = useTranslation();
  return (
    <Button
      size="xs"
      leftSection={<IconArrowForwardUp size={16} />}
      disabled={disabled}
      onClick={() => void give()}
    >
      {t("transfer.give")}
    </Button>
  );
}
