// Why does this caller wait? What the engine says at this moment, as sentences: who was looked at, and why
// not he. Asked for anew each time it is opened, and while it is open.
import { List, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Failure, Rows } from "@/components/feedback";
import { WhyButton } from "@/components/on_demand";
import { useAgentName } from "@/state/choices";
import { duration } from "@/state/format";
import { type Decision, whyCall } from "@/wire/routing";

const AGAIN_MS = 3_000;
const NAMED_MAX = 12;

export function WhyWaits({ call }: { call: string }) {
  const { t } = useTranslation();
  return (
    <WhyButton position="left" label={t("why.ask")}>
      <Reasons call={call} />
    </WhyButton>
  );
}

function Reasons({ call }: { call: string }) {
  const { t } = useTranslation();
  const query = useQuery({
    queryKey: ["why", call],
    queryFn: () => whyCall(call),
    refetchInterval: AGAIN_MS,
    staleTime: 0,
  });
  if (query.isError) return <Failure error={query.error} retry={() => void query.refetch()} />;
  if (query.data === undefined) return <Rows count={3} height={20} />;
  const { now } = query.data;
  if (now === null) return <Text size="sm">{t("why.over")}</Text>;
  return <Told decision={now} />;
}

function Told({ decision }: { decision: Decision }) {
  const { t, i18n } = useTranslation();
  const name = useAgentName();
  const rung = [decision.chosen, ...decision.also].filter((id): id is string => id !== null);
  const sentence = (code: string) =>
    i18n.exists(`whyCode.${code}`) ? t(`whyCode.${code}` as "whyCode.not-free") : code;
  const others = decision.considered.filter(({ code }) => code !== "chosen");
  const rest = others.length - NAMED_MAX;
  return (
    <Stack gap="xs">
      <Text size="sm" fw={600}>
        {rung.length > 0
          ? t("why.rings", { names: rung.map(name).join(", ") })
          : others.length === 0
            ? t("why.nobodyServes")
            : t("why.nobody", { waited: duration(decision.waited_seconds) })}
      </Text>
      <List size="sm" spacing={4}>
        {others.slice(0, NAMED_MAX).map(({ agent, code, text }) => (
          <List.Item key={agent}>
            <Text span inherit fw={600}>
              {name(agent)}
            </Text>{" "}
            {sentence(code)}
            <Text span inherit c="dimmed" size="xs">
              {" "}
              ({text})
            </Text>
          </List.Item>
        ))}
      </List>
      {rest > 0 && (
        <Text size="xs" c="dimmed">
          {t("why.more", { count: rest })}
        </Text>
      )}
    </Stack>
  );
}
