import { Bookmark } from "lucide-react";
import { type ReactNode, useState } from "react";
import { callApi } from "../../api/call.ts";
import { useChange } from "../../api/query.ts";
import { Button } from "../button.tsx";
import { Confirm } from "../dialog.tsx";
import { FormDialog } from "../form-dialog.tsx";
import { RadioFields, SelectField, TextField } from "../form.tsx";
import { say, sayProblem } from "../toast.tsx";
import { useSession } from "../../shell/session.tsx";
import { useUrlState } from "../../shell/url-state.ts";
import { t } from "../../text/t.ts";
import classes from "./table.module.css";
import { tableTexts as texts } from "./texts.ts";
import { searchOfView } from "./view-state.ts";
import type { SavedView } from "./views.tsx";

const ROLES = [
  { value: "admin", label: texts.roleAdmin },
  { value: "license-manager", label: texts.roleLicenseManager },
  { value: "connection-admin", label: texts.roleConnectionAdmin },
  { value: "review-owner", label: texts.roleReviewOwner },
  { value: "auditor", label: texts.roleAuditor },
];

/** Keeps how the list is looked at now. */
export function SaveView({ page, now }: { page: string; now: string }): ReactNode {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button kind="quiet" icon={Bookmark} onClick={() => setOpen(true)}>
        {t(texts.saveView)}
      </Button>
      {isOpen && <ViewDialog page={page} now={now} view={null} onClose={() => setOpen(false)} />}
    </>
  );
}

/** What can be done with the saved view that is looked at: "Modified · Save · Reset". */
export function ViewActs({
  view,
  page,
  now,
  isModified,
}: {
  view: SavedView;
  page: string;
  now: string;
  isModified: boolean;
}): ReactNode {
  const [open, setOpen] = useState<"edit" | "copy" | "delete" | null>(null);
  const { state, change } = useUrlState();
  const save = useChange("views.change");
  const close = () => setOpen(null);
  const reset = () =>
    change({ ...Object.fromEntries(Object.keys(state).map((name) => [name, null])), ...searchOfView(view) });
  return (
    <span className={classes["viewActs"]}>
      {isModified && (
        <>
          <span>{t(texts.modified)}</span>
          {view.mayChange && (
            <Button
              kind="quiet"
              isBusy={save.isPending}
              onClick={() =>
                save.mutate(
                  { params: { viewId: view.id }, body: { state: now }, ifMatch: view.revision },
                  { onSuccess: () => say(t(texts.viewSaved, { name: view.name })), onError: sayProblem },
                )
              }
            >
              {t(texts.save)}
            </Button>
          )}
          <Button kind="quiet" onClick={() => setOpen("copy")}>
            {t(texts.saveAs)}
          </Button>
          <Button kind="quiet" onClick={reset}>
            {t(texts.reset)}
          </Button>
        </>
      )}
      {view.mayChange && (
        <>
          <Button kind="quiet" onClick={() => setOpen("edit")}>
            {t(texts.editView)}
          </Button>
          <Button kind="quiet" onClick={() => setOpen("delete")}>
            {t(texts.deleteView)}
          </Button>
        </>
      )}
      {open === "edit" && <ViewDialog page={page} now={view.state} view={view} onClose={close} />}
      {open === "copy" && <ViewDialog page={page} now={now} view={null} onClose={close} />}
      <DeleteView view={view} isOpen={open === "delete"} onClose={close} />
    </span>
  );
}

function ViewDialog({
  page,
  now,
  view,
  onClose,
}: {
  page: string;
  now: string;
  /** Null: a new one. */
  view: SavedView | null;
  onClose: () => void;
}): ReactNode {
  const { operator } = useSession();
  const { change } = useUrlState();
  const [visibility, setVisibility] = useState<string>(view?.visibility ?? "private");
  const create = useChange("views.create");
  const edit = useChange("views.change");
  const submit = async (data: FormData) => {
    const name = String(data.get("name"));
    const role = visibility === "shared" ? String(data.get("defaultRole") ?? "") : "";
    const body = { name, state: now, visibility, defaultRole: role === "" ? null : role };
    const kept = view
      ? await edit.mutateAsync({ params: { viewId: view.id }, body, ifMatch: view.revision })
      : await create.mutateAsync({ body: { ...body, page } as never });
    change(searchOfView(kept), "replace");
    say(t(texts.viewSaved, { name }));
  };
  return (
    <FormDialog
      isOpen
      onClose={onClose}
      title={view ? t(texts.editViewTitle, { name: view.name }) : t(texts.saveViewTitle)}
      act={t(texts.save)}
      onSubmit={submit}
    >
      <TextField name="name" label={t(texts.viewName)} defaultValue={view?.name ?? ""} maxLength={100} required />
      <RadioFields
        name="visibility"
        legend={t(texts.whoSees)}
        value={visibility}
        onChoose={setVisibility}
        choices={[
          { value: "private", label: t(texts.private) },
          { value: "shared", label: t(texts.shared), hint: t(texts.sharedHint) },
        ]}
      />
      {visibility === "shared" && operator.roles.includes("admin") && (
        <SelectField
          name="defaultRole"
          label={t(texts.seenFirstBy)}
          hint={t(texts.seenFirstHint)}
          isOptional
          defaultValue={view?.defaultRole ?? ""}
          choices={[
            { value: "", label: t(texts.nobody) },
            ...ROLES.map(({ value, label }) => ({ value, label: t(label) })),
          ]}
        />
      )}
    </FormDialog>
  );
}

function DeleteView({ view, isOpen, onClose }: { view: SavedView; isOpen: boolean; onClose: () => void }): ReactNode {
  const { change } = useUrlState();
  const remove = useChange("views.delete");
  const confirm = async () => {
    await remove.mutateAsync({ params: { viewId: view.id } });
    change({ view: null }, "replace");
    const { page, name, state, visibility } = view;
    say(t(texts.viewDeleted, { name }), {
      label: t(texts.undo),
      act: () => void callApi("views.create", { body: { page, name, state, visibility } as never }).catch(sayProblem),
    });
  };
  return (
    <Confirm
      isOpen={isOpen}
      onClose={onClose}
      title={t(texts.deleteViewTitle, { name: view.name })}
      act={t(texts.deleteViewAct)}
      onConfirm={confirm}
      isDangerous
    >
      <p>{t(view.visibility === "shared" ? texts.deleteShared : texts.deletePrivate)}</p>
    </Confirm>
  );
}
