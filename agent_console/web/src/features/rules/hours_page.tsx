// Business hours: all calendars with what they say now, and the one that is looked at.
import {
  Button,
  Card,
  Grid,
  Group,
  Modal,
  NavLink,
  Stack,
  Text,
  TextInput,
  Title,
} from "@mantine/core";
import { IconClockHour4, IconPlus } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Empty, Failure, Rows } from "@/components/feedback";
import { useSession } from "@/state/session";
import { putCalendar } from "@/wire/rules";
import { CalendarEditor } from "./calendar_editor";
import { EmergencySwitch } from "./emergency_switch";
import { NowBadge, useNextChange } from "./hours_words";
import { calendarsQuery } from "./queries";

export function HoursPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const session = useSession();
  const { calendar: wanted } = useSearch({ from: "/inside/hours" });
  const calendars = useQuery(calendarsQuery);
  const next = useNextChange();
  const [making, setMaking] = useState(false);
  const readOnly = session.role !== "administrator";
  const open = (id?: string) =>
    void navigate({ to: "/hours", search: id === undefined ? {} : { calendar: id } });
  if (calendars.isError) {
    return <Failure error={calendars.error} retry={() => void calendars.refetch()} />;
  }
  if (!calendars.data) return <Rows count={5} />;
  const shown = calendars.data.find(({ id }) => id === wanted) ?? calendars.data[0];
  return (
    <Stack>
      <Group justify="space-between">
        <Title order={2} size="h4">
          {t("page.hours")}
        </Title>
        <Group gap="xs">
          {calendars.data.some(({ emergency }) => !emergency) && (
            <EmergencySwitch calendar={null} />
          )}
          {!readOnly && (
            <Button leftSection={<IconPlus size={16} />} onClick={() => setMaking(true)}>
              {t("hours.new")}
            </Button>
          )}
        </Group>
      </Group>
      {shown === undefined ? (
        <Card withBorder>
          <Empty icon={IconClockHour4} title={t("hours.none")} hint={t("hours.noneHint")} />
        </Card>
      ) : (
        <Grid>
          <Grid.Col span={{ base: 12, lg: 3 }}>
            <Card withBorder p="xs">
              {calendars.data.map((calendar) => (
                <NavLink
                  key={calendar.id}
                  component="button"
                  active={calendar.id === shown.id}
                  aria-current={calendar.id === shown.id ? "true" : undefined}
                  label={calendar.name}
                  description={next(calendar.now, calendar.timezone)}
                  rightSection={<NowBadge now={calendar.now} />}
                  onClick={() => open(calendar.id)}
                />
              ))}
            </Card>
          </Grid.Col>
          <Grid.Col span={{ base: 12, lg: 9 }}>
            <CalendarEditor
              key={shown.id}
              calendar={shown}
              readOnly={readOnly}
              onGone={() => open()}
            />
          </Grid.Col>
        </Grid>
      )}
      {making && (
        <NewCalendar
          taken={calendars.data.map(({ id }) => id)}
          onClose={() => setMaking(false)}
          onMade={(id) => {
            setMaking(false);
            open(id);
          }}
        />
      )}
    </Stack>
  );
}

const idFrom = (name: string) =>
  name
    .toLowerCase()
    .normalize("NFKD")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 32);

interface NewProps {
  taken: string[];
  onClose: () => void;
  onMade: (id: string) => void;
}

function NewCalendar({ taken, onClose, onMade }: NewProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [name, setName] = useState("");
  const [typed, setTyped] = useState("");
  const [error, setError] = useState<unknown>(null);
  const id = typed || idFrom(name);
  const wrong =
    id !== "" && !/^[a-z0-9_-]{1,32}$/.test(id)
      ? t("hours.idWrong")
      : taken.includes(id)
        ? t("hours.idTaken")
        : undefined;
  const make = async () => {
    setError(null);
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
    const week = { "mon-fri": "09:00-18:00" };
    try {
      const hours = { timezone: zone, week, country: "", holidays: {}, overrides: {} };
      client.setQueryData(calendarsQuery.queryKey, await putCalendar(id, name.trim(), hours, null));
      onMade(id);
    } catch (problem) {
      setError(problem);
    }
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={<Text fw={650}>{t("hours.new")}</Text>}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (id !== "" && name.trim() !== "" && wrong === undefined) void make();
        }}
      >
        <Stack gap="sm">
          <TextInput
            label={t("hours.name")}
            data-autofocus
            maxLength={120}
            value={name}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
          />
          <TextInput
            label={t("hours.id")}
            description={t("hours.idHint")}
            placeholder={idFrom(name)}
            error={wrong}
            maxLength={32}
            value={typed}
            onChange={({ currentTarget }) => setTyped(currentTarget.value)}
          />
          {error !== null && <Failure error={error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("action.cancel")}
            </Button>
            <Button type="submit" disabled={id === "" || name.trim() === "" || wrong !== undefined}>
              {t("hours.make")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
