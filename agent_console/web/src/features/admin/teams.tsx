// Teams: who is in each, which queues are theirs, who leads them. Without a team a supervisor sees nothing.
import {
  ActionIcon,
  Alert,
  Badge,
  Button,
  Card,
  Checkbox,
  Group,
  Modal,
  MultiSelect,
  ScrollArea,
  Stack,
  Table,
  Text,
  TextInput,
} from "@mantine/core";
import { IconInfoCircle, IconPlus, IconTrash, IconUsersGroup } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Empty, Failure, Rows } from "@/components/feedback";
import { useRemoval } from "@/components/removal";
import { useSaving } from "@/components/saving";
import { listTeams, putTeam, removeTeam, type Team, type TeamBody } from "@/wire/floor";
import { agentsQuery, idFrom, peopleQuery, queuesQuery } from "./directory";

export function Teams() {
  const { t } = useTranslation();
  const { save, saving } = useSaving(["admin"]);
  const removal = useRemoval(["admin"]);
  const teams = useQuery({ queryKey: ["admin", "teams"], queryFn: listTeams });
  const agents = useQuery(agentsQuery);
  const queues = useQuery(queuesQuery);
  const people = useQuery(peopleQuery);
  const [editing, setEditing] = useState<Team | "new" | null>(null);
  const failed = [teams, agents, queues, people].find((query) => query.isError);
  if (failed) return <Failure error={failed.error} retry={() => void failed.refetch()} />;
  if (!teams.data || !agents.data || !queues.data || !people.data) return <Rows count={4} />;

  const supervisors = people.data.filter((one) => one.role === "supervisor" && one.active);
  const led = new Set(teams.data.flatMap((team) => team.leaders));
  const blind = supervisors.filter(({ id }) => !led.has(id));
  const names = (ids: string[], of: { id: string; name: string }[]) =>
    ids.map((id) => of.find((one) => one.id === id)?.name ?? id).join(", ") || "–";
  return (
    <Stack>
      {blind.length > 0 && (
        <Alert color="orange" variant="light" icon={<IconInfoCircle />}>
          {t("team.blind", { names: blind.map(({ name }) => name).join(", ") })}
        </Alert>
      )}
      <Card withBorder>
        <Group justify="space-between" mb="sm" wrap="nowrap">
          <Text size="sm" c="dimmed">
            {t("team.hint")}
          </Text>
          <Button
            leftSection={<IconPlus size={16} />}
            style={{ flexShrink: 0 }}
            onClick={() => setEditing("new")}
          >
            {t("team.new")}
          </Button>
        </Group>
        {teams.data.length === 0 ? (
          <Empty icon={IconUsersGroup} title={t("team.none")} hint={t("team.noneHint")} />
        ) : (
          <ScrollArea>
            <Table highlightOnHover verticalSpacing="sm" miw={720}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t("team.name")}</Table.Th>
                  <Table.Th>{t("team.agents")}</Table.Th>
                  <Table.Th>{t("team.queues")}</Table.Th>
                  <Table.Th>{t("team.leaders")}</Table.Th>
                  <Table.Th />
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {teams.data.map((team) => (
                  <Table.Tr key={team.id}>
                    <Table.Td>
                      <Text fw={600}>{team.name}</Text>
                      {team.everything && (
                        <Badge variant="light" className="cc-badge">
                          {t("team.everything")}
                        </Badge>
                      )}
                    </Table.Td>
                    <Table.Td>{names(team.agents, agents.data)}</Table.Td>
                    <Table.Td>{names(team.queues, queues.data)}</Table.Td>
                    <Table.Td>{names(team.leaders, people.data)}</Table.Td>
                    <Table.Td>
                      <Group gap={4} justify="flex-end" wrap="nowrap">
                        <Button size="compact-sm" variant="subtle" onClick={() => setEditing(team)}>
                          {t("action.edit")}
                        </Button>
                        <ActionIcon
                          variant="subtle"
                          color="gray"
                          aria-label={t("team.remove", { name: team.name })}
                          onClick={() =>
                            void removal({
                              told: t("team.removed", { name: team.name }),
                              remove: () => removeTeam(team.id),
                              putBack: () => {
                                const { id, ...body } = team;
                                return putTeam(id, { ...body, version: null });
                              },
                            })
                          }
                        >
                          <IconTrash size={16} />
                        </ActionIcon>
                      </Group>
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </ScrollArea>
        )}
      </Card>
      <Modal
        opened={editing !== null}
        onClose={() => setEditing(null)}
        size="lg"
        title={<Text fw={650}>{t(editing === "new" ? "team.new" : "team.change")}</Text>}
        closeButtonProps={{ "aria-label": t("action.close") }}
      >
        {editing !== null && (
          <TeamForm
            team={editing === "new" ? null : editing}
            agents={agents.data}
            queues={queues.data}
            leaders={supervisors}
            saving={saving}
            onSave={async (id, body) => {
              if (await save(() => putTeam(id, body))) setEditing(null);
            }}
          />
        )}
      </Modal>
    </Stack>
  );
}

interface Named {
  id: string;
  name: string;
}

const options = (of: Named[]) => of.map(({ id, name }) => ({ value: id, label: name }));

/** A name without letters that an id may have gets a random one. */
const idOf = (name: string) =>
  idFrom(name).slice(0, 24) || `team${crypto.randomUUID().slice(0, 8)}`;

function TeamForm({
  team,
  agents,
  queues,
  leaders,
  saving,
  onSave,
}: {
  team: Team | null;
  agents: Named[];
  queues: Named[];
  leaders: Named[];
  saving: boolean;
  onSave: (id: string, body: TeamBody) => Promise<void>;
}) {
  const { t } = useTranslation();
  const [body, setBody] = useState<Required<TeamBody>>({
    name: team?.name ?? "",
    agents: team?.agents ?? [],
    queues: team?.queues ?? [],
    leaders: team?.leaders ?? [],
    everything: team?.everything ?? false,
    version: team?.version ?? 0,
  });
  const put = (part: Partial<TeamBody>) => setBody((now) => ({ ...now, ...part }));
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void onSave(team?.id ?? idOf(body.name), body);
      }}
    >
      <Stack>
        <TextInput
          label={t("team.name")}
          maxLength={120}
          required
          data-autofocus
          value={body.name}
          onChange={(event) => put({ name: event.currentTarget.value })}
        />
        <MultiSelect
          label={t("team.agents")}
          description={t("team.agentsHint")}
          searchable
          data={options(agents)}
          value={body.agents}
          onChange={(chosen) => put({ agents: chosen })}
        />
        <MultiSelect
          label={t("team.queues")}
          searchable
          data={options(queues)}
          value={body.queues}
          onChange={(chosen) => put({ queues: chosen })}
        />
        <MultiSelect
          label={t("team.leaders")}
          description={t("team.leadersHint")}
          searchable
          data={options(leaders)}
          value={body.leaders}
          onChange={(chosen) => put({ leaders: chosen })}
        />
        <Checkbox
          label={t("team.everything")}
          description={t("team.everythingHint")}
          checked={body.everything}
          onChange={(event) => put({ everything: event.currentTarget.checked })}
        />
        <Button type="submit" loading={saving} disabled={body.name.trim() === ""}>
          {t("action.save")}
        </Button>
      </Stack>
    </form>
  );
}
