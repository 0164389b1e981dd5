// How long somebody who joined now would wait, and how good such words have been so far.
import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { duration } from "@/state/format";
import { readEstimates } from "@/wire/routing";

const AGAIN_MS = 5000;

export function ExpectedWait({ queue }: { queue: string }) {
  const { t } = useTranslation();
  const { data } = useQuery({
    queryKey: ["estimates"],
    queryFn: readEstimates,
    refetchInterval: AGAIN_MS,
  });
  const known = data?.find((one) => one.queue === queue);
  if (known === undefined) return null;
  const { low_seconds: low, high_seconds: high, way, tests } = known;
  const error = duration(Math.round(known.error_seconds));
  return (
    <Text size="sm" data-testid="expected-wait">
      {low === null || high === null ? t("queue.waitUnknown") : <Span low={low} high={high} />}{" "}
      <Text span size="sm" c="dimmed">
        {tests === 0
          ? t("queue.waitUntested", { way: t(`waitWay.${way}`) })
          : t("queue.waitError", { way: t(`waitWay.${way}`), error, count: tests })}
      </Text>
    </Text>
  );
}

function Span({ low, high }: { low: number; high: number }) {
  const { t } = useTranslation();
  if (Math.round(high) === 0) return <>{t("queue.waitNone")}</>;
  const [from, to] = [duration(Math.round(low)), duration(Math.round(high))];
  return <>{t("queue.waitExpected", { low: from, high: to })}</>;
}
