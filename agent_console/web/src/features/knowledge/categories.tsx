// The shelves that articles stand on.
import { Button, Card, Group, Stack, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure } from "@/components/feedback";
import { type CategoryRead, putCategory, removeCategory } from "@/wire/knowledge";
import { categoriesQuery } from "./queries";

const EMPTY = { code: "", name: "", name_zh: "", active: true };

export function Categories() {
  const { t } = useTranslation();
  const query = useQuery(categoriesQuery);
  return (
    <Card withBorder maw={760}>
      <Stack>
        {query.isError && <Failure error={query.error} retry={() => void query.refetch()} />}
        {query.data?.map((one) => (
          <Row key={`${one.code} ${one.version}`} stored={one} />
        ))}
        <Row
          key={`new ${query.data?.length ?? 0}`}
          stored={null}
          label={t("knowledge.categoryNew")}
        />
      </Stack>
    </Card>
  );
}

function Row({ stored, label }: { stored: CategoryRead | null; label?: string }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [value, setValue] = useState(stored?.value ?? EMPTY);
  const [error, setError] = useState<unknown>(null);
  const run = async (action: () => Promise<unknown>) => {
    setError(null);
    try {
      await action();
      await queries.invalidateQueries({ queryKey: categoriesQuery.queryKey });
    } catch (problem) {
      setError(problem);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void run(() =>
      putCategory(value.code, {
        value,
        position: stored?.position ?? 0,
        version: stored?.version ?? 0,
      }),
    );
  };
  return (
    <form onSubmit={submit} aria-label={label ?? value.name}>
      <Group align="flex-end" gap="xs">
        <TextInput
          label={t("knowledge.code")}
          required
          w={130}
          pattern="[a-z0-9_\-]{1,32}"
          disabled={stored !== null}
          value={value.code}
          onChange={(event) => setValue({ ...value, code: event.currentTarget.value })}
        />
        <TextInput
          label={t("knowledge.name")}
          required
          flex={1}
          maxLength={80}
          value={value.name}
          onChange={(event) => setValue({ ...value, name: event.currentTarget.value })}
        />
        <TextInput
          label={t("knowledge.nameZh")}
          flex={1}
          maxLength={80}
          value={value.name_zh}
          onChange={(event) => setValue({ ...value, name_zh: event.currentTarget.value })}
        />
        <Button type="submit" variant={stored === null ? "filled" : "default"}>
          {stored === null ? t("knowledge.categoryNew") : t("action.save")}
        </Button>
        {stored !== null && (
          <Button
            variant="subtle"
            color="red"
            onClick={() => void run(() => removeCategory(stored.code))}
          >
            {t("knowledge.remove")}
          </Button>
        )}
      </Group>
      {error !== null && <Failure error={error} />}
    </form>
  );
}
