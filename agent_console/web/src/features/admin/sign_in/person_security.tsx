// For an administrator: where a person is signed in; the second factor, which can be taken away when the
// device is lost; and the account at the provider of single sign-on, which can be disconnected.
import { Button, Divider, Group, Modal, Stack, Text } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure, Rows } from "@/components/feedback";
import { notify } from "@/components/notices";
import { Sessions } from "@/components/sign_in/sessions";
import { useSession } from "@/state/session";
import type { Person } from "@/wire/rest";
import { readFactorOf, readLinkOf, resetFactorOf, unlink } from "@/wire/sign_in";

export function PersonSecurity({ person, onClose }: { person: Person; onClose(): void }) {
  const { t } = useTranslation();
  return (
    <Modal
      opened
      onClose={onClose}
      title={<Text fw={650}>{t("signing.of", { name: person.name })}</Text>}
      closeButtonProps={{ "aria-label": t("action.close") }}
      size="lg"
    >
      <Stack>
        <Sessions user={person.id} />
        <Divider label={t("factor.title")} />
        <FactorOf person={person} />
        <LinkOf person={person} />
      </Stack>
    </Modal>
  );
}

function FactorOf({ person }: { person: Person }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const own = useSession().id === person.id;
  const key = ["second-factor", person.id];
  const query = useQuery({ queryKey: key, queryFn: () => readFactorOf(person.id), staleTime: 0 });
  const [sure, setSure] = useState(false);
  const [error, setError] = useState<unknown>(null);
  if (query.isError) return <Failure error={query.error} retry={() => void query.refetch()} />;
  if (query.data === undefined) return <Rows count={1} />;
  const reset = async () => {
    setError(null);
    try {
      await resetFactorOf(person.id);
      notify({ color: "green", message: t("factor.wasReset", { name: person.name }) });
    } catch (problem) {
      setError(problem);
    }
    setSure(false);
    await client.invalidateQueries({ queryKey: key });
    await client.invalidateQueries({ queryKey: ["sessions", person.id] });
  };
  const state = query.data.on ? "factor.on" : query.data.possible ? "factor.off" : "factor.there";
  return (
    <Stack gap="xs">
      <Group justify="space-between">
        <Text size="sm">{t(state)}</Text>
        {query.data.on && !own && (
          <Button
            size="xs"
            color="red"
            variant={sure ? "filled" : "light"}
            onClick={() => (sure ? void reset() : setSure(true))}
          >
            {t(sure ? "factor.resetSure" : "factor.reset")}
          </Button>
        )}
      </Group>
      {sure && (
        <Text size="sm" c="dimmed" role="status">
          {t("factor.resetHint")}
        </Text>
      )}
      {error !== null && <Failure error={error} />}
    </Stack>
  );
}

/** Shown only where there is a connection. */
function LinkOf({ person }: { person: Person }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const own = useSession().id === person.id;
  const key = ["sso-link", person.id];
  const query = useQuery({ queryKey: key, queryFn: () => readLinkOf(person.id), staleTime: 0 });
  const [sure, setSure] = useState(false);
  const [error, setError] = useState<unknown>(null);
  if (query.isError) return <Failure error={query.error} retry={() => void query.refetch()} />;
  if (query.data === undefined) return <Rows count={1} />;
  if (!query.data.linked) return null;
  const disconnect = async () => {
    setError(null);
    try {
      await unlink(person.id);
      notify({ color: "green", message: t("link.wasCut", { name: person.name }) });
    } catch (problem) {
      setError(problem);
    }
    setSure(false);
    for (const stale of [key, ["sessions", person.id], ["second-factor", person.id]]) {
      await client.invalidateQueries({ queryKey: stale });
    }
  };
  const locked = own && !query.data.password;
  return (
    <Stack gap="xs">
      <Divider label={t("link.title")} />
      <Group justify="space-between">
        <Text size="sm">{t(locked ? "link.ownOnly" : "link.on")}</Text>
        <Button
          size="xs"
          color="red"
          variant={sure ? "filled" : "light"}
          disabled={locked}
          onClick={() => (sure ? void disconnect() : setSure(true))}
        >
          {t(sure ? "link.cutSure" : "link.cut")}
        </Button>
      </Group>
      {sure && (
        <Text size="sm" c="dimmed" role="status">
          {t(query.data.password ? "link.cutHint" : "link.cutHintNoPassword")}
        </Text>
      )}
      {error !== null && <Failure error={error} />}
    </Stack>
  );
}
