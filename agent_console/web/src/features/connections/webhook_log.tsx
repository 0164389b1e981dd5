// What was sent to one address, newest first: each with its answer, and a button to send it again.
import {
  Badge,
  Button,
  Card,
  Code,
  Drawer,
  Group,
  SegmentedControl,
  Stack,
  Text,
} from "@mantine/core";
import { IconMailFast } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Empty, Failure, Rows, useErrorText } from "@/components/feedback";
import { More } from "@/components/more";
import { notify } from "@/components/notices";
import {
  type Delivery,
  type DeliveryState,
  type EventKind,
  listDeliveries,
  replayDelivery,
  replayFailed,
  type Webhook,
} from "@/wire/connections";
import { useMoment } from "./moments";

const EVERY_MS = 3_000;
const COLORS: Record<string, string> = { delivered: "green", waiting: "yellow", failed: "red" };

export function WebhookLog({ webhook, onClose }: { webhook: Webhook; onClose(): void }) {
  const { t } = useTranslation();
  const words = useErrorText();
  const [which, setWhich] = useState<DeliveryState | "all">("all");
  const query = useInfiniteQuery({
    queryKey: ["connections", "deliveries", webhook.id, which],
    queryFn: ({ pageParam }) =>
      listDeliveries(webhook.id, which === "all" ? null : which, pageParam),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.next,
    refetchInterval: EVERY_MS,
  });
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  const again = async (work: Promise<unknown>, message: string) => {
    try {
      await work;
      notify({ color: "green", message });
    } catch (problem) {
      notify({ color: "red", message: words(problem) });
    }
    void query.refetch();
  };
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size="xl"
      title={<Text fw={650}>{t("webhook.logOf", { name: webhook.name })}</Text>}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <Stack>
        <Group justify="space-between">
          <SegmentedControl
            aria-label={t("webhook.which")}
            value={which}
            onChange={(chosen) => setWhich(chosen as DeliveryState | "all")}
            data={(["all", "waiting", "delivered", "failed"] as const).map((value) => ({
              value,
              label: t(`delivery.${value}`),
            }))}
          />
          <Button
            variant="default"
            onClick={() => void again(replayFailed(webhook.id), t("webhook.replayedAll"))}
          >
            {t("webhook.replayFailed")}
          </Button>
        </Group>
        {query.isError && <Failure error={query.error} retry={() => void query.refetch()} />}
        {query.isPending && <Rows count={5} height={70} />}
        {query.isSuccess && items.length === 0 && (
          <Empty icon={IconMailFast} title={t("webhook.noLog")} hint={t("webhook.noLogHint")} />
        )}
        {items.map((one) => (
          <Line
            key={one.id}
            one={one}
            onReplay={() => void again(replayDelivery(one.id), t("webhook.replayed"))}
          />
        ))}
        <More query={query}>{t("webhook.more")}</More>
      </Stack>
    </Drawer>
  );
}

function Line({ one, onReplay }: { one: Delivery; onReplay(): void }) {
  const { t } = useTranslation();
  const at = useMoment();
  const [open, setOpen] = useState(false);
  const answer =
    one.status === null
      ? one.error
      : `${one.status} ${one.milliseconds === null ? "" : `· ${one.milliseconds} ms`}`;
  return (
    <Card withBorder padding="sm" data-delivery={one.id} data-state={one.state}>
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <div style={{ minWidth: 0 }}>
          <Text fw={600} size="sm">
            {one.kind === "webhook.test" ? t("webhook.test") : t(`event.${one.kind as EventKind}`)}
          </Text>
          <Text size="xs" c="dimmed" style={{ overflowWrap: "anywhere" }}>
            {at(one.created)} · {one.subject}
          </Text>
          <Text size="xs" style={{ overflowWrap: "anywhere" }}>
            {t("webhook.tries", { count: one.tries })}
            {answer !== "" && ` · ${answer}`}
            {one.state === "waiting" &&
              one.tries > 0 &&
              ` · ${t("webhook.next")} ${at(one.next_at)}`}
          </Text>
        </div>
        <Badge color={COLORS[one.state] ?? "gray"} className="cc-badge" style={{ flex: "none" }}>
          {t(`delivery.${one.state as DeliveryState}`)}
        </Badge>
      </Group>
      <Group gap="xs" mt="xs">
        <Button
          size="compact-xs"
          variant="default"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          {t(open ? "webhook.hideBody" : "webhook.showBody")}
        </Button>
        <Button size="compact-xs" variant="default" onClick={onReplay}>
          {t("webhook.replay")}
        </Button>
      </Group>
      {open && (
        <Code block mt="xs" style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
          {one.body}
        </Code>
      )}
    </Card>
  );
}
