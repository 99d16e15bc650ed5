export { CallsApp as default } from '../../components/calls-app.tsx';
