// Reports by e-mail at set times: one's own, and a new one for the report on the screen.
import {
  ActionIcon,
  Alert,
  Button,
  Divider,
  Group,
  Modal,
  Select,
  Stack,
  TagsInput,
  Text,
  TextInput,
} from "@mantine/core";
import { IconMail, IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure } from "@/components/feedback";
import { useLanguage } from "@/state/choices";
import {
  type Asked,
  listSchedules,
  makeSchedule,
  removeSchedule,
  type ScheduleBody,
} from "@/wire/reports";

type Every = ScheduleBody["every"];
const EVERY: Every[] = ["day", "week", "month"];

export function Schedules({ report, asked }: { report: string; asked: Asked }) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState(false);
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconMail size={16} />}
        onClick={() => setOpened(true)}
      >
        {t("report.byMail")}
      </Button>
      <Modal
        opened={opened}
        onClose={() => setOpened(false)}
        title={<Text fw={650}>{t("report.byMail")}</Text>}
        closeButtonProps={{ "aria-label": t("action.close") }}
        size="lg"
      >
        {opened && <List report={report} asked={asked} />}
      </Modal>
    </>
  );
}

function List({ report, asked }: { report: string; asked: Asked }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const client = useQueryClient();
  const [name, setName] = useState("");
  const [every, setEvery] = useState<Every>("day");
  const [time, setTime] = useState("07:00");
  const [recipients, setRecipients] = useState<string[]>([]);
  const found = useQuery({ queryKey: ["report-schedules"], queryFn: listSchedules });
  const refresh = () => void client.invalidateQueries({ queryKey: ["report-schedules"] });
  const [hours, minutes] = time.split(":").map(Number);
  const make = useMutation({
    mutationFn: () =>
      makeSchedule({
        name,
        report,
        every,
        recipients,
        language,
        at_minute: (hours ?? 0) * 60 + (minutes ?? 0),
        time_zone: asked.zone,
        queues: asked.queues,
        agents: asked.agents,
        form: "xlsx",
        active: true,
      }),
    onSuccess: () => {
      setName("");
      setRecipients([]);
      refresh();
    },
  });
  const remove = useMutation({ mutationFn: removeSchedule, onSuccess: refresh });
  return (
    <Stack>
      {found.data?.mail === false && <Alert color="yellow">{t("report.noMail")}</Alert>}
      {found.isError && <Failure error={found.error} retry={() => void found.refetch()} />}
      {found.data?.items.map((one) => (
        <Group key={one.id} justify="space-between" wrap="nowrap">
          <div style={{ overflowWrap: "anywhere" }}>
            <Text size="sm" fw={600}>
              {one.name}
            </Text>
            <Text size="xs" c="dimmed">
              {t(`reportName.${one.report}` as "reportName.queues")} ·{" "}
              {t(`reportEvery.${one.every}`)} · {clock(one.at_minute)} {one.time_zone} ·{" "}
              {one.recipients.join(", ")}
            </Text>
            {one.trouble !== "" && (
              <Text size="xs" c="red">
                {one.trouble}
              </Text>
            )}
          </div>
          <ActionIcon
            variant="subtle"
            color="red"
            aria-label={t("report.removeView", { name: one.name })}
            onClick={() => remove.mutate(one.id)}
          >
            <IconTrash size={16} />
          </ActionIcon>
        </Group>
      ))}
      <Divider label={t("report.newSchedule")} />
      <TextInput
        label={t("report.viewName")}
        maxLength={80}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Group grow>
        <Select
          label={t("report.every")}
          data={EVERY.map((value) => ({ value, label: t(`reportEvery.${value}`) }))}
          value={every}
          allowDeselect={false}
          onChange={(value) => setEvery((value as Every | null) ?? "day")}
        />
        <TextInput
          type="time"
          label={t("report.at", { zone: asked.zone })}
          value={time}
          onChange={(event) => setTime(event.currentTarget.value)}
        />
      </Group>
      <TagsInput
        label={t("report.recipients")}
        description={t("report.recipientsHint")}
        value={recipients}
        onChange={setRecipients}
        maxTags={20}
      />
      {make.isError && <Failure error={make.error} />}
      <Button
        disabled={name.trim() === "" || recipients.length === 0 || time === ""}
        loading={make.isPending}
        onClick={() => make.mutate()}
      >
        {t("report.makeSchedule")}
      </Button>
    </Stack>
  );
}

function clock(minute: number): string {
  const two = (value: number) => String(value).padStart(2, "0");
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}
