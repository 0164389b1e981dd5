// Who is called back: open and closed callbacks, or those behind a number of a report, each with its tries;
// postpone, dial now, cancel. What is shown stands in the address. The list looks again by itself. Agents see those of their queues.
import {
  Badge,
  Button,
  Card,
  Group,
  Popover,
  SegmentedControl,
  Stack,
  Text,
  TextInput,
  Title,
} from "@mantine/core";
import { IconPhoneOutgoing, IconPlus } from "@tabler/icons-react";
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { DialButton } from "@/components/dial_button";
import { Empty, Failure, Rows } from "@/components/feedback";
import { LateBehindHead } from "@/components/late_behind_head";
import { More } from "@/components/more";
import { NewCallback } from "@/components/new_callback";
import { useCallerName } from "@/components/person";
import type { CallbacksSearch } from "@/state/addresses";
import { useLanguage, useQueueName } from "@/state/choices";
import { serverNow } from "@/state/clock";
import { moment, phone } from "@/state/format";
import {
  type Callback,
  cancelCallback,
  dialCallback,
  listCallbacks,
  postponeCallback,
} from "@/wire/callbacks";
import { countedOf } from "@/wire/calls_behind";
import { moment as momentOf } from "@/wire/record";

const EVERY_MS = 5_000;
const COLORS: Record<string, string> = {
  waiting: "yellow",
  resting: "gray",
  scheduled: "indigo",
  "after-hours": "indigo",
  dialling: "cyan",
  reached: "blue",
  done: "green",
  "given-up": "red",
  cancelled: "gray",
};

export function CallbacksPage() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const search: CallbacksSearch = useSearch({ strict: false });
  const which = search.state === "over" ? "over" : "open";
  const filter = search.figure === undefined ? ({ state: which } as const) : countedOf(search);
  const [asking, setAsking] = useState(false);
  const query = useInfiniteQuery({
    queryKey: ["callbacks", filter],
    queryFn: ({ pageParam }) => listCallbacks(filter, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    refetchInterval: EVERY_MS,
  });
  const changed = () => void client.invalidateQueries({ queryKey: ["callbacks"] });
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Stack>
      <Group justify="space-between">
        <Title order={2} size="h4">
          {t("page.callbacks")}
        </Title>
        <Button leftSection={<IconPlus size={16} />} onClick={() => setAsking(true)}>
          {t("callback.new")}
        </Button>
      </Group>
      <NewCallback opened={asking} onClose={() => setAsking(false)} onMade={changed} />
      {search.figure === undefined ? (
        <SegmentedControl
          aria-label={t("callback.which")}
          value={which}
          onChange={(state) =>
            void navigate({ to: "/callbacks", search: state === "over" ? { state } : {} })
          }
          data={[
            { value: "open", label: t("callback.open") },
            { value: "over", label: t("callback.over") },
          ]}
          style={{ alignSelf: "flex-start" }}
        />
      ) : (
        <LateBehindHead
          search={search}
          found={query.data?.pages[0]?.counted ?? undefined}
          all="callbacks"
        />
      )}
      {query.isError && <Failure error={query.error} retry={() => void query.refetch()} />}
      {query.isPending && <Rows count={4} height={80} />}
      {query.isSuccess && items.length === 0 && (
        <Card withBorder>
          <Empty
            icon={IconPhoneOutgoing}
            color="gray"
            title={t("callback.none")}
            hint={t("callback.noneHint")}
          />
        </Card>
      )}
      {items.map((one) => (
        <Card withBorder key={one.id} data-callback={one.id} data-state={one.state}>
          <Line one={one} onChanged={changed} />
        </Card>
      ))}
      <More query={query}>{t("callback.more")}</More>
    </Stack>
  );
}

function Line({ one, onChanged }: { one: Callback; onChanged: () => void }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const callerName = useCallerName();
  const queueName = useQueueName();
  const [error, setError] = useState<unknown>(null);
  const at = (text: string) => moment(momentOf(text), serverNow(), language);
  const run = async (work: Promise<unknown>) => {
    setError(null);
    try {
      await work;
    } catch (problem) {
      setError(problem);
    } finally {
      onChanged();
    }
  };
  const last = one.attempts.at(-1);
  return (
    <Stack gap="xs">
      <Group justify="space-between">
        <div>
          <Text fw={600} style={{ overflowWrap: "anywhere" }}>
            {callerName(one.name, one.number)}
          </Text>
          <Text size="sm">
            {phone(one.number)}{" "}
            <DialButton number={one.number} name={one.name} customer={one.customer_id} /> ·{" "}
            {queueName(one.queue)} · {t("callback.asked")} {at(one.asked_at)}
          </Text>
        </div>
        <Badge color={COLORS[one.state] ?? "gray"} className="cc-badge">
          {one.outcome === ""
            ? t(`callbackState.${one.state}` as "callbackState.waiting")
            : t(`callbackOutcome.${one.outcome}` as "callbackOutcome.served")}
        </Badge>
      </Group>
      <Text size="sm">
        {t("callback.tries", { count: one.tries })}
        {last !== undefined && last.outcome !== "" && (
          <>
            {" "}
            · {t("callback.last")} {t(`callbackTry.${last.outcome}` as "callbackTry.busy")}{" "}
            {at(last.at)}
          </>
        )}
        {one.next_at !== null && (
          <>
            {" "}
            · {t("callback.next")} {at(one.next_at)}
          </>
        )}
      </Text>
      {error !== null && <Failure error={error} />}
      {one.outcome === "" && one.state !== "reached" && (
        <Group gap="xs">
          <Button size="compact-sm" onClick={() => void run(dialCallback(one.id))}>
            {t("callback.dial")}
          </Button>
          <Later onChosen={(text) => void run(postponeCallback(one.id, text))} />
          <Button
            size="compact-sm"
            color="red"
            variant="light"
            onClick={() => void run(cancelCallback(one.id))}
          >
            {t("callback.cancel")}
          </Button>
        </Group>
      )}
    </Stack>
  );
}

/** Not before a day and time, on the clock of this screen. */
function Later({ onChosen }: { onChosen: (moment: string) => void }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const [text, setText] = useState("");
  const chosen = text === "" ? Number.NaN : new Date(text).getTime();
  return (
    <Popover opened={open} onChange={setOpen} trapFocus withArrow>
      <Popover.Target>
        <Button size="compact-sm" variant="default" onClick={() => setOpen(!open)}>
          {t("callback.later")}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Group align="end">
          <TextInput
            type="datetime-local"
            label={t("callback.notBefore")}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <Button
            disabled={Number.isNaN(chosen)}
            onClick={() => {
              setOpen(false);
              onChosen(new Date(chosen).toISOString());
            }}
          >
            {t("callback.postpone")}
          </Button>
        </Group>
      </Popover.Dropdown>
    </Popover>
  );
}
