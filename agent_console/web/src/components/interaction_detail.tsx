// One interaction from cradle to grave: figures on top, then every event with its time.
import { Group, SimpleGrid, Stack, Text, Timeline, Title } from "@mantine/core";
import {
  IconArrowsSplit,
  IconBell,
  IconBellOff,
  IconDialpad,
  IconFlagCheck,
  IconMusic,
  IconPhoneCall,
  IconPhoneIncoming,
  IconPhoneOff,
  IconPlayerPause,
  IconPoint,
  IconUserCheck,
  type TablerIcon,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import {
  nameOf,
  useAgentName,
  useDispositionName,
  useLanguage,
  useQueueName,
} from "@/state/choices";
import { serverNow } from "@/state/clock";
import { clockTime, moment as dayTime, duration } from "@/state/format";
import { needTexts } from "@/state/i18n";
import {
  type FiledForm,
  type Interaction,
  type InteractionEvent,
  readInteractionByCall,
} from "@/wire/interactions";
import { moment } from "@/wire/record";
import { Failure, Rows } from "./feedback";
import { InteractionParts, LegQualities } from "./interaction_parts";
import { Late, late } from "./late";
import { OutcomeBadge } from "./outcome_badge";
import { PhoneText } from "./person";

const RECORDINGS = late(async () => {
  const [part] = await Promise.all([import("./recordings/of_call"), needTexts("recordings")]);
  return part.RecordingsOfCall;
});

const ICONS: Record<string, TablerIcon> = {
  arrived: IconPhoneIncoming,
  menu: IconDialpad,
  queued: IconMusic,
  moved: IconArrowsSplit,
  offered: IconBell,
  ringing: IconBell,
  "offer-ended": IconBellOff,
  answered: IconPhoneCall,
  held: IconPlayerPause,
  unheld: IconPhoneCall,
  customer: IconUserCheck,
  diverted: IconArrowsSplit,
  ended: IconPhoneOff,
  closed: IconFlagCheck,
};

const scalar = (value: unknown): string | null =>
  (typeof value === "string" && value !== "") || typeof value === "number" || value === true
    ? String(value)
    : null;

/** What an event says, for a reader: its plain values; nested ones (why an agent was chosen) are left out. */
function eventDetail(event: InteractionEvent): string {
  return Object.entries(event.data)
    .flatMap(([key, value]) => {
      const said = scalar(value);
      return said === null ? [] : [`${key.replaceAll("_", " ")}: ${said}`];
    })
    .join(" · ");
}

/** By the names the outcome and the fields had when the form was filed. */
function Filed({ form }: { form: FiledForm }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const agentName = useAgentName();
  const outcome = form.path.map(({ code = "", name = "", name_zh = "" }) =>
    nameOf({ code, name, name_zh }, language),
  );
  const said = (field: FiledForm["fields"][number]) => {
    const value = form.values[field.code];
    if (value === undefined || value === null || value === "") return "";
    if (typeof value === "boolean") return value ? "✓" : "✗";
    const choice = field.choices?.find((one) => one.code === value);
    return choice === undefined ? String(value) : nameOf(choice, language);
  };
  return (
    <div data-testid="filed-form">
      <Group gap="xs">
        <Text fw={600}>{outcome.join(" › ")}</Text>
        <Text size="sm" c="dimmed">
          {agentName(form.agent)}
        </Text>
        {!form.complete && (
          <Text size="sm" c="orange">
            {t("interaction.incomplete")}
          </Text>
        )}
      </Group>
      {form.fields.map((field) => (
        <Text key={field.code} size="sm" style={{ overflowWrap: "anywhere" }}>
          {nameOf(field, language)}: {said(field) || "–"}
        </Text>
      ))}
    </div>
  );
}

function Figure({ label, value }: { label: string; value: string }) {
  return (
    <div>
      <Text size="xs" c="dimmed">
        {label}
      </Text>
      <Text fw={600} className="cc-figures">
        {value}
      </Text>
    </div>
  );
}

export function InteractionDetail({ call }: { call: string }) {
  const query = useQuery({
    queryKey: ["interaction", call],
    queryFn: () => readInteractionByCall(call),
  });
  if (query.isError) return <Failure error={query.error} retry={() => void query.refetch()} />;
  if (query.data === undefined) return <Rows count={6} />;
  return <Loaded interaction={query.data} />;
}

function Loaded({ interaction }: { interaction: Interaction }) {
  const { t, i18n } = useTranslation();
  const language = useLanguage();
  const dispositionName = useDispositionName();
  const queueName = useQueueName();
  const agentName = useAgentName();
  const endedBy = `endedBy.${interaction.endedBy}`;
  return (
    <Stack>
      <Group justify="space-between">
        <div>
          <Title order={4}>
            {interaction.customerName || <PhoneText number={interaction.number} />}
          </Title>
          <Text c="dimmed" size="sm">
            {dayTime(interaction.startedAt, serverNow(), language)}
            {interaction.queue && ` · ${queueName(interaction.queue)}`}
            {interaction.agent && ` · ${agentName(interaction.agent)}`}
          </Text>
        </div>
        <OutcomeBadge outcome={interaction.outcome} />
      </Group>
      <SimpleGrid cols={{ base: 3, sm: 5 }} spacing="xs">
        <Figure label={t("figure.wait")} value={duration(interaction.waitSeconds)} />
        <Figure label={t("figure.ring")} value={duration(interaction.ringSeconds)} />
        <Figure label={t("figure.talk")} value={duration(interaction.talkSeconds)} />
        <Figure label={t("figure.hold")} value={duration(interaction.holdSeconds)} />
        <Figure label={t("figure.wrapUp")} value={duration(interaction.wrapUpSeconds)} />
      </SimpleGrid>
      {interaction.forms.map((form) => (
        <Filed key={form.agent} form={form} />
      ))}
      {(interaction.disposition || interaction.note) && (
        <div>
          {interaction.disposition && interaction.forms.every(({ path }) => path.length === 0) && (
            <Text fw={600}>{dispositionName(interaction.disposition)}</Text>
          )}
          <Text style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
            {interaction.note}
          </Text>
        </div>
      )}
      {interaction.articles.length > 0 && (
        <Text size="sm">
          {t("interaction.articles")}{" "}
          {interaction.articles.map(({ id, title }, at) => (
            <span key={id}>
              {at > 0 && " · "}
              <Link to="/knowledge" search={{ id }} className="cc-link">
                {title}
              </Link>
            </span>
          ))}
        </Text>
      )}
      {interaction.endedBy && i18n.exists(endedBy) && (
        <Text size="sm" c="dimmed">
          {t(endedBy as "endedBy.caller")}
        </Text>
      )}
      <Late part={RECORDINGS} props={{ call: interaction.call }} />
      <InteractionParts parts={interaction.parts} />
      <LegQualities legs={interaction.legs} />
      <Timeline bulletSize={26} lineWidth={2} active={interaction.events.length}>
        {interaction.events.map((event) => {
          const Icon = ICONS[event.kind] ?? IconPoint;
          const key = `event.${event.kind}`;
          return (
            <Timeline.Item
              key={event.sequence}
              bullet={<Icon size={14} />}
              title={
                <Group gap="xs">
                  <Text size="sm" fw={600}>
                    {i18n.exists(key) ? t(key as "event.arrived") : event.kind}
                  </Text>
                  <Text size="xs" c="dimmed" className="cc-figures">
                    {clockTime(moment(event.at), language)}
                  </Text>
                </Group>
              }
            >
              <Text size="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
                {eventDetail(event)}
              </Text>
            </Timeline.Item>
          );
        })}
      </Timeline>
    </Stack>
  );
}
