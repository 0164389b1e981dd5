// Signing in, the second factor and the first run, wired to what comes after them. Loaded only by those who need them.
import { useNavigate, useSearch } from "@tanstack/react-router";
import { FactorPage } from "@/features/entry/factor_page";
import { FirstRunPage } from "@/features/entry/first_run_page";
import { LoginPage } from "@/features/entry/login_page";
import { homeOf, queryClient, sessionQuery } from "@/state/session";
import { type Session, signOut } from "@/wire/rest";

function useEntered(): (session: Session) => void {
  const navigate = useNavigate();
  return (session) => {
    queryClient.clear();
    queryClient.setQueryData(sessionQuery.queryKey, session);
    void navigate({ to: session.limited ? "/second-factor" : homeOf(session), replace: true });
  };
}

export function Login() {
  const { sso } = useSearch({ from: "/login" });
  return <LoginPage sso={sso ?? null} onSignedIn={useEntered()} />;
}

export function SecondFactor() {
  const navigate = useNavigate();
  const on = (to: "/" | "/login") => {
    queryClient.clear();
    void navigate({ to, replace: true });
  };
  const leave = async () => {
    await signOut().catch(() => undefined);
    on("/login");
  };
  return <FactorPage onDone={() => on("/")} onLeave={() => void leave()} />;
}

export function FirstRun() {
  return <FirstRunPage token={tokenFromAddress()} onSignedIn={useEntered()} />;
}

/** The one-time link carries its token as the fragment, which browsers send to nobody. */
function tokenFromAddress(): string {
  return decodeURIComponent(location.hash.slice(1));
}
