// The frame of every form of a definition: code and names on top, buttons and errors below.
import { Button, Group, NumberInput, Stack, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure } from "@/components/feedback";

export interface Named {
  code: string;
  name: string;
  name_zh: string;
  position: number;
}

interface Props<T extends Named> {
  value: T;
  isNew: boolean;
  onChange: (value: T) => void;
  save: (value: T) => Promise<unknown>;
  remove?: (() => Promise<unknown>) | undefined;
  /** The query to ask again afterwards. */
  query: string;
  onDone: () => void;
  children: ReactNode;
}

export function DefineForm<T extends Named>(props: Props<T>) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const { value, onChange } = props;
  const run = async (action: () => Promise<unknown>) => {
    setBusy(true);
    setError(null);
    try {
      await action();
      await queries.invalidateQueries({ queryKey: [props.query] });
      props.onDone();
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void run(() => props.save(value));
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <Group grow align="flex-start">
          <TextInput
            label={t("define.code")}
            description={t("define.codeHint")}
            inputWrapperOrder={["label", "input", "description", "error"]}
            required
            pattern="[a-z0-9_\-]{1,32}"
            disabled={!props.isNew}
            value={value.code}
            onChange={(event) => onChange({ ...value, code: event.currentTarget.value })}
          />
          <TextInput
            label={t("define.name")}
            required
            maxLength={80}
            value={value.name}
            onChange={(event) => onChange({ ...value, name: event.currentTarget.value })}
          />
          <TextInput
            label={t("define.nameZh")}
            maxLength={80}
            value={value.name_zh}
            onChange={(event) => onChange({ ...value, name_zh: event.currentTarget.value })}
          />
        </Group>
        {props.children}
        <NumberInput
          label={t("define.position")}
          min={0}
          max={1000}
          w={160}
          value={value.position}
          onChange={(position) => onChange({ ...value, position: Number(position) || 0 })}
        />
        {error !== null && <Failure error={error} />}
        <Group justify="space-between">
          <Button type="submit" loading={busy}>
            {t("action.save")}
          </Button>
          {props.remove !== undefined && (
            <Button
              color="red"
              variant="subtle"
              disabled={busy}
              onClick={() => {
                const { remove } = props;
                if (remove && window.confirm(t("define.removeSure"))) void run(remove);
              }}
            >
              {t("define.remove")}
            </Button>
          )}
        </Group>
      </Stack>
    </form>
  );
}
