/** The words of the API, named; generated in schema.ts. */
import type { components } from "./schema";

type S = components["schemas"];

export type Session = S["Session"];
export type Person = S["Person"];
export type Account = S["Account"];
export type Invited = S["Invited"];
export type Member = S["Member"];
export type ProjectGiven = S["ProjectGiven"];
export type SiteRole = Person["role"];
export type ProjectRole = ProjectGiven["role"];
export type ProjectSummary = S["ProjectSummary"];
export type ImportState = S["ImportState"];
export type ProjectDetail = S["ProjectDetail"];
export type Question = S["Question"];
export type Label = S["Label"];
export type Estimate = S["EstimateView"];
export type Running = S["Running"];
export type Counts = S["Counts"];
export type Item = S["Item"];
export type Content = S["Content"];
export type ItemSummary = S["ItemSummary"];
export type ItemNote = S["ItemNote"];
export type ItemDetail = S["ItemDetail"];
export type Lease = S["Lease"];
export type Queue = S["Queue"];
export type NewAnnotation = S["NewAnnotation"];
export type Annotation = S["Annotation"];
export type AnnotationKind = NewAnnotation["kind"];
export type Why = S["Why"];
export type Progress = S["Progress"];
export type CurvePoint = S["CurvePoint"];
export type Columns = S["Columns"];
export type Preview = S["Preview"];
export type PreviewRow = S["PreviewRow"];
export type Upload = S["Upload"];
export type NewProject = S["NewProject"];
export type ImportBatch = S["ImportView"];
export type NewQuestion = S["NewQuestion"];
export type ItemLabel = S["ItemLabel"];
export type Token = S["Token"];
export type Strategy = S["StrategyView"];
export type Metric = S["MetricView"];
export type Goal = S["Goal"];
export type NewGoal = S["NewGoal"];
export type Plan = S["Plan"];
export type PlanLine = S["PlanLine"];
export type PlanRow = S["PlanRow"];
export type PlanCurve = S["PlanCurve"];
export type PlanProposal = S["PlanProposal"];
export type SetUp = S["SetUp"];
export type PlanFigure = S["PlanFigure"];
export type NewPlan = S["NewPlan"];
export type SimilarProject = S["SimilarProject"];

/** What an annotation answers; the question's task says which. */
export type Answer = { label: string } | { labels: string[] } | { value: number };
