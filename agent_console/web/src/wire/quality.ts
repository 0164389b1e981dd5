// Requests about quality: forms, evaluations, samples, calibrations.
import type { components } from "./generated/api";
import { client, taken } from "./rest";

type Schemas = components["schemas"];
export type EvaluationForm = Schemas["Form-Output"];
export type FormSection = Schemas["Section-Output"];
export type FormQuestion = FormSection["questions"][number];
export type StoredForm = Schemas["EvaluationFormRead"];
export type Evaluation = Schemas["EvaluationRead"];
export type EvaluationDetail = Schemas["EvaluationDetail"];
export type EvaluationState = Evaluation["state"];
export type SamplingPlan = Schemas["SamplingPlanRead"];
export type SamplingPlanBody = Schemas["SamplingPlanChange"];
export type Sample = Schemas["SampleRead"];
export type Calibration = Schemas["CalibrationRead"];
export type Judged = Schemas["JudgedRead"];
export type Answers = EvaluationDetail["answers"];

export interface Written {
  answers: Answers;
  remarks: Record<string, string>;
  comment: string;
}
export interface EvaluationFilter {
  agent?: string;
  form?: string;
  state?: EvaluationState;
  recording?: string;
  since?: string;
  until?: string;
}

// -- forms ----------------------------------------------------------------------------------------
export const listForms = () => taken(client.GET("/api/evaluation-forms"));
export const saveForm = (form: EvaluationForm, active: boolean, revision: number) =>
  taken(
    client.PUT("/api/evaluation-forms/{code}", {
      params: { path: { code: form.code } },
      body: { form, active, revision },
    }),
  );
export const publishForm = (code: string, revision: number, note: string) =>
  taken(
    client.POST("/api/evaluation-forms/{code}/publish", {
      params: { path: { code } },
      body: { revision, note },
    }),
  );
export const restoreForm = (code: string, revision: number, number: number) =>
  taken(
    client.POST("/api/evaluation-forms/{code}/restore", {
      params: { path: { code } },
      body: { revision, number },
    }),
  );
export const listFormVersions = async (code: string) =>
  (await taken(client.GET("/api/evaluation-forms/{code}/versions", { params: { path: { code } } })))
    .items;

// -- evaluations ----------------------------------------------------------------------------------
export const listEvaluations = (filter: EvaluationFilter, cursor: string | null) =>
  taken(
    client.GET("/api/evaluations", {
      params: { query: { ...filter, limit: 50, ...(cursor === null ? {} : { cursor }) } },
    }),
  );
const at = (evaluation: string) => ({ params: { path: { evaluation } } });
export const readEvaluation = (id: string) =>
  taken(client.GET("/api/evaluations/{evaluation}", at(id)));
export const beginEvaluation = async (recording: string, agent: string, form: string) =>
  (await taken(client.POST("/api/evaluations", { body: { recording, agent, form } }))).id;
export const writeEvaluation = async (id: string, written: Written, revision: number) =>
  (
    await taken(
      client.PUT("/api/evaluations/{evaluation}", { ...at(id), body: { ...written, revision } }),
    )
  ).revision;
export const handIn = (id: string, revision: number) =>
  taken(client.POST("/api/evaluations/{evaluation}/hand-in", { ...at(id), body: { revision } }));
export const discardEvaluation = (id: string) =>
  taken(client.DELETE("/api/evaluations/{evaluation}", at(id)));
export const acknowledgeEvaluation = (id: string) =>
  taken(client.POST("/api/evaluations/{evaluation}/acknowledge", at(id)));
export const disputeEvaluation = (id: string, why: string) =>
  taken(client.POST("/api/evaluations/{evaluation}/dispute", { ...at(id), body: { why } }));
export const answerDispute = (id: string, text: string, written: Written | null) =>
  taken(
    client.POST("/api/evaluations/{evaluation}/answer", { ...at(id), body: { text, written } }),
  );

// -- samples --------------------------------------------------------------------------------------
export const listPlans = async () => (await taken(client.GET("/api/sampling-plans"))).items;
export const savePlan = (id: string | null, { version, ...body }: SamplingPlanBody) =>
  id === null
    ? taken(client.POST("/api/sampling-plans", { body }))
    : taken(
        client.PUT("/api/sampling-plans/{plan}", {
          params: { path: { plan: id } },
          body: { ...body, version: version ?? null },
        }),
      );
export const removePlan = (plan: string) =>
  taken(client.DELETE("/api/sampling-plans/{plan}", { params: { path: { plan } } }));
export const drawNow = async (plan: string) =>
  (await taken(client.POST("/api/sampling-plans/{plan}/draw", { params: { path: { plan } } })))
    .added;
export const listSamples = async (skipped: boolean) =>
  (await taken(client.GET("/api/samples", { params: { query: { skipped } } }))).items;
export const skipSample = (sample: string, skipped: boolean, why: string) =>
  taken(
    client.PUT("/api/samples/{sample}/skipped", {
      params: { path: { sample } },
      body: { skipped, why },
    }),
  );

// -- calibrations ---------------------------------------------------------------------------------
export const listCalibrations = () => taken(client.GET("/api/calibrations"));
export const beginCalibration = async (body: Schemas["NewCalibration"]) =>
  (await taken(client.POST("/api/calibrations", { body }))).id;
const among = (calibration: string) => ({ params: { path: { calibration } } });
export const readCalibration = (id: string) =>
  taken(client.GET("/api/calibrations/{calibration}", among(id)));
export const judgeIn = async (id: string) =>
  (await taken(client.POST("/api/calibrations/{calibration}/evaluation", among(id)))).id;
export const closeCalibration = (id: string) =>
  taken(client.POST("/api/calibrations/{calibration}/close", among(id)));
