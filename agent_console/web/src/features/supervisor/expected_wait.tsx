// How long somebody who joined now would wait, and how good such words have been so far.
import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
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
  return (
    <Text size="sm" data-testid="expected-wait">
      {low === null || high === null
        ? t("queue.waitUnknown")
        : t("queue.waitExpected", { low: Math.round(low), high: Math.round(high) })}{" "}
      <Text span size="sm" c="dimmed">
        {tests === 0
          ? t("queue.waitUntested", { way: t(`waitWay.${way}`) })
          : t("queue.waitError", {
              way: t(`waitWay.${way}`),
              error: Math.round(known.error_seconds),
              count: tests,
            })}
      </Text>
    </Text>
  );
}
