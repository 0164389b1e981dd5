// Why does this idle agent get nothing? What the engine says of him now, and the callers of the last
// hour that went to others, newest first, with the reason. Asked for when it is opened.
import { List, ScrollArea, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Failure, Rows } from "@/components/feedback";
import { WhyButton } from "@/components/on_demand";
import { useAgentName, useLanguage, useQueueName } from "@/state/choices";
import { clockTime } from "@/state/format";
import { moment } from "@/wire/record";
import { type AgentReasons, whyAgent } from "@/wire/routing";

const AGAIN_MS = 5_000;
const NAMED_MAX = 8;

export function WhyIdle({ agent }: { agent: string }) {
  const { t } = useTranslation();
  return (
    <WhyButton position="bottom-end" small label={t("whyIdle.ask")}>
      <Reasons agent={agent} />
    </WhyButton>
  );
}

function Reasons({ agent }: { agent: string }) {
  const query = useQuery({
    queryKey: ["whyAgent", agent],
    queryFn: () => whyAgent(agent),
    refetchInterval: AGAIN_MS,
    staleTime: 0,
  });
  if (query.isError) return <Failure error={query.error} retry={() => void query.refetch()} />;
  if (query.data === undefined) return <Rows count={3} height={20} />;
  return <Told reasons={query.data} />;
}

function Told({ reasons }: { reasons: AgentReasons }) {
  const { t, i18n } = useTranslation();
  const language = useLanguage();
  const agentName = useAgentName();
  const queueName = useQueueName();
  const now = reasons.lately.at(-1);
  const others = reasons.decisions.filter(({ code }) => code !== "chosen").reverse();
  const rest = others.length - NAMED_MAX;
  const sentence = (code: string) =>
    i18n.exists(`whyCode.${code}`) ? t(`whyCode.${code}` as "whyCode.not-free") : code;
  return (
    <Stack gap="xs">
      {now && (
        <div>
          <Text size="sm" fw={600}>
            {now.state === "free"
              ? t("whyIdle.free")
              : now.state === "back-off"
                ? t("whyIdle.backOff")
                : t("whyIdle.busy")}
          </Text>
          <Text size="xs" c="dimmed">
            {now.text}
          </Text>
        </div>
      )}
      <Text size="sm">{others.length === 0 ? t("whyIdle.noneOthers") : t("whyIdle.others")}</Text>
      <ScrollArea.Autosize mah={280}>
        <List size="sm" spacing={4}>
          {others.slice(0, NAMED_MAX).map(({ at, call, queue, chosen, code, text }) => (
            <List.Item key={`${call} ${at}`}>
              <Text span inherit fw={600} className="cc-figures">
                {clockTime(moment(at), language)} {queueName(queue)}
              </Text>
              {chosen !== null && ` → ${agentName(chosen)}`}
              <br />
              {sentence(code)}
              <Text span inherit c="dimmed" size="xs">
                {" "}
                ({text})
              </Text>
            </List.Item>
          ))}
        </List>
      </ScrollArea.Autosize>
      {rest > 0 && (
        <Text size="xs" c="dimmed">
          {t("why.more", { count: rest })}
        </Text>
      )}
    </Stack>
  );
}
