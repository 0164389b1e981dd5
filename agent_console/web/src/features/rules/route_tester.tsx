// Which flow would this call take? Asked of the table as it stands on the page, saved or not.
import { Alert, Button, Card, Group, List, Text, TextInput, ThemeIcon, Title } from "@mantine/core";
import { IconCheck, IconPhoneIncoming, IconX } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure } from "@/components/feedback";
import { useLanguage } from "@/state/choices";
import { phone } from "@/state/format";
import { type RouteItem, type RouteTried, tryRoute } from "@/wire/rules";
import { regionName } from "./route_words";

export function RouteTester({
  items,
  flows,
}: {
  items: RouteItem[];
  flows: Record<string, string>;
}) {
  const { t } = useTranslation();
  const [called, setCalled] = useState("");
  const [caller, setCaller] = useState("");
  const [at, setAt] = useState("");
  const [tried, setTried] = useState<RouteTried | null>(null);
  const [error, setError] = useState<unknown>(null);
  const ask = async (event: FormEvent) => {
    event.preventDefault();
    setError(null);
    try {
      const moment = at === "" ? null : new Date(at).toISOString();
      setTried(await tryRoute({ items, called: called.trim(), caller: caller.trim(), at: moment }));
    } catch (problem) {
      setTried(null);
      setError(problem);
    }
  };
  return (
    <Card withBorder component="section" aria-label={t("rules.tester")}>
      <Title order={3} size="h6" mb="xs">
        {t("rules.tester")}
      </Title>
      <form onSubmit={(event) => void ask(event)}>
        <Group align="flex-end">
          <TextInput
            label={t("rules.called")}
            value={called}
            maxLength={40}
            onChange={({ currentTarget }) => setCalled(currentTarget.value)}
          />
          <TextInput
            label={t("rules.caller")}
            placeholder={t("rules.withheld")}
            value={caller}
            maxLength={40}
            onChange={({ currentTarget }) => setCaller(currentTarget.value)}
          />
          <TextInput
            type="datetime-local"
            label={t("rules.at")}
            value={at}
            onChange={({ currentTarget }) => setAt(currentTarget.value)}
          />
          <Button type="submit" variant="light" leftSection={<IconPhoneIncoming size={16} />}>
            {t("rules.ask")}
          </Button>
        </Group>
      </form>
      {error !== null && <Failure error={error} />}
      {tried && <Answer tried={tried} items={items} flows={flows} />}
    </Card>
  );
}

function Answer({
  tried,
  items,
  flows,
}: {
  tried: RouteTried;
  items: RouteItem[];
  flows: Record<string, string>;
}) {
  const { t } = useTranslation();
  const language = useLanguage();
  const nameOf = (id: string) => items.find((one) => one.id === id)?.note || id;
  const who = [
    tried.number === "" ? t("rules.withheld") : phone(tried.number),
    tried.region === "" ? "" : regionName(tried.region, language),
    ...tried.lists,
  ].filter((part) => part !== "");
  return (
    <Alert
      mt="md"
      color={tried.route === null ? "red" : "green"}
      title={
        tried.route === null
          ? t("rules.goesNowhere")
          : t("rules.goesTo", { flow: flows[tried.flow ?? ""] ?? tried.title })
      }
      role="status"
    >
      <Text size="sm" mb={6}>
        {who.join(" · ")}
      </Text>
      <List size="sm" spacing={4}>
        {tried.steps.map((step) => (
          <List.Item
            key={step.route}
            icon={
              <ThemeIcon size={18} radius="xl" color={step.misfit === "" ? "green" : "gray"}>
                {step.misfit === "" ? <IconCheck size={12} /> : <IconX size={12} />}
              </ThemeIcon>
            }
          >
            {nameOf(step.route)}
            {": "}
            {step.misfit !== "" && t(`misfit.${step.misfit}`)}
            {step.misfit === "" &&
              step.percent < 100 &&
              t("rules.share", { percent: step.percent })}
            {step.misfit === "" && step.percent >= 100 && t("rules.takesIt")}
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}
