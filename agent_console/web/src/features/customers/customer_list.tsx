// The list of customers: search as one types, filters, as long as one scrolls. Only the rows in sight exist.
import {
  Badge,
  Button,
  Card,
  Chip,
  Group,
  Menu,
  Select,
  Stack,
  Text,
  TextInput,
  Title,
} from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconDownload, IconSearch, IconUserOff, IconUserPlus } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { EndlessRows } from "@/components/crm/endless_rows";
import { CustomerLine } from "@/components/customer_search";
import { Empty, Failure, Rows } from "@/components/feedback";
import { useChoices } from "@/state/choices";
import { usePlacedState } from "@/state/places";
import { useSession } from "@/state/session";
import { type CustomerFilter, exportAddress, listCustomers } from "@/wire/crm";

interface Props {
  picked: string | undefined;
  onPick: (id: string) => void;
  onNew: () => void;
}

export function CustomerList({ picked, onPick, onNew }: Props) {
  const { t } = useTranslation();
  const [filter, setFilter] = usePlacedState<CustomerFilter>("customers", { q: "" });
  const [asked] = useDebouncedValue(filter, 200);
  const query = useInfiniteQuery({
    queryKey: ["customers", "list", asked],
    queryFn: ({ pageParam }) => listCustomers(asked, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: (before) => before,
  });
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Card withBorder>
      <Group justify="space-between" mb="sm">
        <Title order={2} size="h4">
          {t("page.customers")}
        </Title>
        <Group gap="xs">
          <Export filter={asked} />
          <Button size="xs" leftSection={<IconUserPlus size={16} />} onClick={onNew}>
            {t("customer.new")}
          </Button>
        </Group>
      </Group>
      <Stack gap="sm">
        <TextInput
          leftSection={<IconSearch size={16} />}
          placeholder={t("customer.searchHint")}
          aria-label={t("customer.search")}
          value={filter.q}
          maxLength={100}
          onChange={(event) => setFilter({ ...filter, q: event.currentTarget.value })}
        />
        <Filters filter={filter} onChange={setFilter} />
        {query.isError && <Failure error={query.error} retry={() => void query.refetch()} />}
        {query.isLoading && <Rows count={6} />}
        {query.data !== undefined && items.length === 0 && (
          <Empty
            icon={IconUserOff}
            title={t("customer.noneFound")}
            hint={t("customer.noneFoundHint")}
          />
        )}
        <EndlessRows
          items={items}
          keyOf={({ id }) => id}
          rowHeight={62}
          label={t("page.customers")}
          more={query.hasNextPage && !query.isFetchingNextPage}
          onMore={() => void query.fetchNextPage()}
          render={(customer) => (
            <CustomerLine
              customer={customer}
              picked={customer.id === picked}
              onPick={() => onPick(customer.id)}
            />
          )}
        />
      </Stack>
    </Card>
  );
}

function Filters({
  filter,
  onChange,
}: {
  filter: CustomerFilter;
  onChange: (filter: CustomerFilter) => void;
}) {
  const { t } = useTranslation();
  const { agent_names } = useChoices();
  const chosen = (name: "vip" | "blocked") => filter[name] === true;
  const turn = (name: "vip" | "blocked") => {
    const { [name]: before, ...rest } = filter;
    onChange(before ? rest : { ...rest, [name]: true });
  };
  return (
    <Group gap="xs">
      <Chip size="xs" checked={chosen("vip")} onChange={() => turn("vip")}>
        {t("customer.vipShort")}
      </Chip>
      <Chip size="xs" checked={chosen("blocked")} onChange={() => turn("blocked")}>
        {t("customer.blockedShort")}
      </Chip>
      <Chip
        size="xs"
        checked={filter.kind === "company"}
        onChange={(on) => {
          const { kind: _, ...rest } = filter;
          onChange(on ? { ...rest, kind: "company" } : rest);
        }}
      >
        {t("customer.companies")}
      </Chip>
      <Select
        size="xs"
        w={170}
        clearable
        searchable
        aria-label={t("customer.owner")}
        placeholder={t("customer.owner")}
        data={Object.entries(agent_names).map(([value, label]) => ({ value, label }))}
        value={filter.owner ?? null}
        onChange={(owner) => {
          const { owner: _, ...rest } = filter;
          onChange(owner === null ? rest : { ...rest, owner });
        }}
      />
      {filter.tag !== undefined && <Badge>{filter.tag}</Badge>}
    </Group>
  );
}

/** What is found, as a file; for those who may. */
function Export({ filter }: { filter: CustomerFilter }) {
  const { t } = useTranslation();
  if (useSession().role === "agent") return null;
  return (
    <Menu>
      <Menu.Target>
        <Button size="xs" variant="default" leftSection={<IconDownload size={16} />}>
          {t("files.export")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {(["xlsx", "csv"] as const).map((form) => (
          <Menu.Item key={form} component="a" href={exportAddress(filter, form)} download>
            <Text size="sm">{t(`files.${form}`)}</Text>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
