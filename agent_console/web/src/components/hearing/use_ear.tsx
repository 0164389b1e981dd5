// A supervisor's click: done, or a message that says why not.
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { notify } from "@/components/notices";
import { useCommand } from "@/components/use_command";
import { NoMicrophone } from "@/state/hearing";

export function useEarCommand() {
  const { t } = useTranslation();
  const { run, pending } = useCommand();
  const act = useCallback(
    (action: () => Promise<void>) =>
      run(async () => {
        try {
          await action();
        } catch (error) {
          if (!(error instanceof NoMicrophone)) throw error;
          notify({
            id: "ear-microphone",
            color: "red",
            title: t(`microphone.${error.code}`),
            message: t(`microphone.${error.code}Todo`),
          });
        }
      }),
    [run, t],
  );
  return { act, pending };
}
