// The people who sign in: a table, a form, and the first password shown once.
import {
  Alert,
  Badge,
  Button,
  Card,
  Code,
  CopyButton,
  Group,
  Modal,
  ScrollArea,
  Stack,
  Table,
  Text,
} from "@mantine/core";
import { IconCopy, IconKey, IconShieldLock, IconUserPlus, IconUsers } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { Empty, Failure, Rows } from "@/components/feedback";
import { needTexts } from "@/state/i18n";
import { makeDeskPhone, type Person, renewPassword } from "@/wire/rest";
import {
  agentsQuery,
  groupsQuery,
  type PersonEdit,
  peopleQuery,
  queuesQuery,
  savePerson,
} from "./directory";
import { PersonForm } from "./person_form";

const PersonSecurity = lazy(async () => {
  const [page] = await Promise.all([import("./sign_in/person_security"), needTexts("account")]);
  return { default: page.PersonSecurity };
});

interface Secret {
  title: string;
  name: string;
  password: string;
}

export function People() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const people = useQuery(peopleQuery);
  const agents = useQuery(agentsQuery);
  const queues = useQuery(queuesQuery);
  const groups = useQuery(groupsQuery);
  const [editing, setEditing] = useState<Person | "new" | null>(null);
  const [secret, setSecret] = useState<Secret | null>(null);
  const failed = [people, agents, queues, groups].find((query) => query.isError);
  if (failed) return <Failure error={failed.error} retry={() => void failed.refetch()} />;
  if (!people.data || !agents.data || !queues.data || !groups.data) return <Rows count={5} />;

  const save = async (edit: PersonEdit) => {
    const password = await savePerson(client, edit, queues.data);
    setEditing(null);
    if (password !== null) {
      setSecret({ title: t("admin.firstPassword"), name: edit.user.login, password });
    }
  };
  return (
    <Card withBorder>
      <Group justify="flex-end" mb="sm">
        <Button leftSection={<IconUserPlus size={16} />} onClick={() => setEditing("new")}>
          {t("admin.newPerson")}
        </Button>
      </Group>
      {people.data.length === 0 && <Empty icon={IconUsers} title={t("admin.noPeople")} />}
      <ScrollArea>
        <PeopleTable
          people={people.data}
          queuesOf={(agent) => {
            const ids = agents.data.find(({ id }) => id === agent)?.queues ?? [];
            return ids.map((id) => queues.data.find((queue) => queue.id === id)?.name ?? id);
          }}
          onOpen={setEditing}
        />
      </ScrollArea>
      <Modal
        opened={editing !== null}
        onClose={() => setEditing(null)}
        title={
          <Text fw={650}>{editing === "new" ? t("admin.newPerson") : t("admin.changePerson")}</Text>
        }
        closeButtonProps={{ "aria-label": t("action.close") }}
        size="lg"
      >
        {editing !== null && (
          <PersonForm
            person={editing === "new" ? null : editing}
            agents={agents.data}
            queues={queues.data}
            groups={groups.data}
            onSave={save}
          />
        )}
        {editing !== null && editing !== "new" && <Secrets person={editing} onSecret={setSecret} />}
      </Modal>
      <SecretModal secret={secret} onClose={() => setSecret(null)} />
    </Card>
  );
}

function PeopleTable({
  people,
  queuesOf,
  onOpen,
}: {
  people: Person[];
  queuesOf: (agent: string) => string[];
  onOpen: (person: Person) => void;
}) {
  const { t } = useTranslation();
  return (
    <Table highlightOnHover verticalSpacing="sm" miw={640}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t("firstRun.name")}</Table.Th>
          <Table.Th>{t("login.login")}</Table.Th>
          <Table.Th>{t("admin.role")}</Table.Th>
          <Table.Th>{t("admin.queues")}</Table.Th>
          <Table.Th />
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {people.map((person) => (
          <Table.Tr key={person.id}>
            <Table.Td>
              <Group gap="xs">
                <Text fw={600}>{person.name}</Text>
                {!person.active && (
                  <Badge color="gray" variant="outline" className="cc-badge">
                    {t("admin.inactive")}
                  </Badge>
                )}
              </Group>
            </Table.Td>
            <Table.Td>{person.login}</Table.Td>
            <Table.Td>{t(`role.${person.role}`)}</Table.Td>
            <Table.Td>
              {person.agent === null ? "–" : queuesOf(person.agent).join(", ") || "–"}
            </Table.Td>
            <Table.Td ta="end">
              <Button size="compact-sm" variant="subtle" onClick={() => onOpen(person)}>
                {t("action.edit")}
              </Button>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Secrets({ person, onSecret }: { person: Person; onSecret: (secret: Secret) => void }) {
  const { t } = useTranslation();
  const [error, setError] = useState<unknown>(null);
  const [looking, setLooking] = useState(false);
  const attempt = (work: () => Promise<Secret>) => {
    setError(null);
    work().then(onSecret, setError);
  };
  const renew = async () => {
    const { password } = await renewPassword(person.id);
    return { title: t("admin.firstPassword"), name: person.login, password };
  };
  const desk = async (agent: string) => {
    const { device, password } = await makeDeskPhone(agent);
    return { title: t("admin.deskPhone"), name: device, password };
  };
  const { agent } = person;
  return (
    <Stack gap="xs" mt="lg">
      {error !== null && <Failure error={error} />}
      <Group>
        <Button
          variant="default"
          size="xs"
          leftSection={<IconKey size={14} />}
          onClick={() => attempt(renew)}
        >
          {t("admin.renewPassword")}
        </Button>
        {agent !== null && (
          <Button variant="default" size="xs" onClick={() => attempt(() => desk(agent))}>
            {t("admin.makeDeskPhone")}
          </Button>
        )}
        <Button
          variant="default"
          size="xs"
          leftSection={<IconShieldLock size={14} />}
          onClick={() => setLooking(true)}
        >
          {t("admin.security")}
        </Button>
      </Group>
      {looking && (
        <Suspense>
          <PersonSecurity person={person} onClose={() => setLooking(false)} />
        </Suspense>
      )}
    </Stack>
  );
}

function SecretModal({ secret, onClose }: { secret: Secret | null; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={secret !== null}
      onClose={onClose}
      title={<Text fw={650}>{secret?.title}</Text>}
      closeButtonProps={{ "aria-label": t("action.close") }}
      closeOnClickOutside={false}
    >
      {secret && (
        <Stack>
          <Alert color="yellow" icon={<IconKey />}>
            {t("admin.shownOnce")}
          </Alert>
          <Group justify="space-between">
            <div>
              <Text size="sm" c="dimmed">
                {secret.name}
              </Text>
              <Code fz="lg">{secret.password}</Code>
            </div>
            <CopyButton value={secret.password}>
              {({ copied, copy }) => (
                <Button variant="default" leftSection={<IconCopy size={16} />} onClick={copy}>
                  {copied ? t("action.copied") : t("action.copy")}
                </Button>
              )}
            </CopyButton>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}
