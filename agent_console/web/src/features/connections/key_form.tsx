// The form for a new API key: what it is for, what it may do, how long it is good and how often it may ask.
import {
  Button,
  Checkbox,
  Group,
  Modal,
  NumberInput,
  Select,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure } from "@/components/feedback";
import { useKeptForm } from "@/state/kept_form";
import { type KeyScope, makeKey } from "@/wire/connections";

const DAYS = ["30", "90", "365", "730", ""];

interface Draft {
  name: string;
  scopes: KeyScope[];
  days: string;
  per_minute: number;
}
const EMPTY: Draft = { name: "", scopes: [], days: "365", per_minute: 300 };

export function NewKey({
  scopes,
  onClose,
  onMade,
}: {
  scopes: { scope: string; routes: string[] }[];
  onClose(): void;
  onMade(token: string): void;
}) {
  const { t } = useTranslation();
  const kept = useKeptForm("new-key", EMPTY);
  const [draft, setDraft] = useState(kept.first);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const put = (part: Partial<Draft>) => {
    const next = { ...draft, ...part };
    setDraft(next);
    kept.keep(next);
  };
  const save = async () => {
    setBusy(true);
    setError(null);
    try {
      const days = draft.days === "" ? null : Number(draft.days);
      const made = await makeKey({ ...draft, days });
      kept.forget();
      onMade(made.token);
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={<Text fw={650}>{t("keyring.new")}</Text>}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <Stack>
          {error !== null && <Failure error={error} />}
          <TextInput
            label={t("keyring.name")}
            description={t("keyring.nameHint")}
            required
            maxLength={80}
            data-autofocus
            value={draft.name}
            onChange={(event) => put({ name: event.currentTarget.value })}
          />
          <Checkbox.Group
            label={t("keyring.scopes")}
            description={t("keyring.scopesHint")}
            required
            value={draft.scopes}
            onChange={(chosen) => put({ scopes: chosen as KeyScope[] })}
          >
            <Stack gap={6} mt="xs">
              {scopes.map(({ scope, routes }) => (
                <Checkbox
                  key={scope}
                  value={scope}
                  label={t(`scope.${scope as KeyScope}`)}
                  description={`${scope} · ${t("keyring.routes", { count: routes.length })}`}
                />
              ))}
            </Stack>
          </Checkbox.Group>
          <Group grow align="end">
            <Select
              label={t("keyring.good")}
              allowDeselect={false}
              data={DAYS.map((value) => ({
                value,
                label:
                  value === "" ? t("keyring.forever") : t("keyring.days", { count: Number(value) }),
              }))}
              value={draft.days}
              onChange={(value) => put({ days: value ?? "365" })}
            />
            <NumberInput
              label={t("keyring.perMinute")}
              min={1}
              max={6000}
              allowDecimal={false}
              value={draft.per_minute}
              onChange={(value) => put({ per_minute: Number(value) || 1 })}
            />
          </Group>
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("action.cancel")}
            </Button>
            <Button
              type="submit"
              loading={busy}
              disabled={draft.name.trim() === "" || draft.scopes.length === 0}
            >
              {t("keyring.make")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
